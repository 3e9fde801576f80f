import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { cleanEnv, type Ran } from './cleanEnv.js'
import { runInProcess } from './runInProcess.js'
import { soak } from './tools.js'

export { cleanEnv, type Ran } from './cleanEnv.js'

export const keywardBin = fileURLToPath(
  new URL('../../packages/cli/bin/keyward.mjs', import.meta.url),
)

/** The repository's root, where `npx --no-install keyward` works. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

type Options = {
  env?: Record<string, string>
  input?: string | Uint8Array
  cwd?: string
}

/**
 * Runs `keyward` to its end without a terminal: in this process, and in soak as
 * `spawnCli` does.
 */
export function runCli(
  args: readonly string[],
  options: Options = {},
): Promise<Ran> {
  // Descriptors are a process's own.
  const hasFd = args.some((each) => each.endsWith('-fd'))
  return soak || hasFd
    ? spawnCli(args, options)
    : runInProcess(args, options.env, options)
}

/** Runs `keyward` to its end, as a process of its own without a terminal. */
export function spawnCli(
  args: readonly string[],
  options: Options = {},
): Promise<Ran> {
  return run(process.execPath, [keywardBin, ...args], options)
}

/** Runs any program to its end. */
export function run(
  command: string,
  args: readonly string[],
  { env = {}, input = '', cwd = root }: Options = {},
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env: cleanEnv(env), cwd })
    const out: Buffer[] = []
    const err: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
    // A command that refuses before it reads closes the pipe first.
    child.stdin.on('error', () => {})
    child.on('error', reject)
    child.on('close', (code) =>
      resolve({
        code,
        stdout: Buffer.concat(out).toString(),
        stderr: Buffer.concat(err).toString(),
      }),
    )
    child.stdin.end(input)
  })
}
