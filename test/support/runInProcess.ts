import { describeError } from '../../packages/cli/src/errors/describeError.js'
import { createProgram } from '../../packages/cli/src/program/createProgram.js'
import type { Ran } from './runCli.js'
import { testTerminal } from './testTerminal.js'

/**
 * Runs the command line as `runCli` does, but in this process: for the many
 * runs of a table. One at a time, since the AWS SDK reads the environment.
 *
 * @param at - What it reads on standard input, and the folder it runs in.
 */
export async function runInProcess(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  at: { input?: string | Uint8Array; cwd?: string } = {},
): Promise<Ran> {
  const cwd = process.cwd()
  if (at.cwd !== undefined) process.chdir(at.cwd)
  const before = { ...process.env }
  for (const name of Object.keys(process.env))
    if (name.startsWith('AWS_')) delete process.env[name]
  Object.assign(process.env, env)
  const terminal = testTerminal(at.input, env)
  let code = 0
  try {
    const program = createProgram(terminal, (exitCode) => {
      code = exitCode
    })
    await program.parseAsync(['node', 'keyward', ...args])
  } catch (error) {
    const { name, exitCode } = error as { name?: string; exitCode?: number }
    // commander has printed its own message.
    if (name === 'CommanderError') code = exitCode === 0 ? 0 : 2
    else {
      code = 1
      terminal.stderr.write(`${describeError(error, {})}\n`)
    }
  } finally {
    process.chdir(cwd)
    for (const name of Object.keys(process.env))
      if (!(name in before)) delete process.env[name]
    Object.assign(process.env, before)
  }
  return { code, ...terminal.written() }
}
