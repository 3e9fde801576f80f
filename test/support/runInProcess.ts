import { run } from '../../packages/cli/src/main.js'
import type { Ran } from './runCli.js'
import { testTerminal } from './testTerminal.js'

/**
 * Runs the command line as `runCli` does, but in this process: for the many
 * runs of a table. One at a time, since the AWS SDK reads the environment.
 */
export async function runInProcess(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  input: string | Uint8Array = '',
): Promise<Ran> {
  const before = { ...process.env }
  for (const name of Object.keys(process.env))
    if (name.startsWith('AWS_')) delete process.env[name]
  Object.assign(process.env, env)
  const terminal = testTerminal(input, env)
  let code: number
  try {
    code = await run(['node', 'keyward', ...args], terminal)
  } finally {
    for (const name of Object.keys(process.env))
      if (!(name in before)) delete process.env[name]
    Object.assign(process.env, before)
  }
  return { code, ...terminal.written() }
}
