import { ensureBuilt } from '../../scripts/build.mjs'
import { cleanEnv, type Ran } from './cleanEnv.js'
import { testTerminal } from './testTerminal.js'

const main = new URL('../../packages/cli/dist/main.js', import.meta.url)
type Main = typeof import('../../packages/cli/src/main.js')

/** What it reads on standard input, and the folder that it runs in. */
type Place = {
  input?: string | Uint8Array
  cwd?: string
  /** Of a terminal. */
  columns?: number
  /** Runs the sources, whose modules a test may mock, not the bundle. */
  fromSource?: boolean
}

/** Looked at once: nobody edits a source while a file of tests runs. */
let built: Promise<Main> | undefined
const loadBuilt = (): Promise<Main> => {
  built ??= ensureBuilt().then(() => import(main.href))
  return built
}
const loadSource = (): Promise<Main> => import('../../packages/cli/src/main.js')

/** The environment is the process's: one command at a time. */
let turn: Promise<unknown> = Promise.resolve()

/**
 * Runs the command line as `spawnCli` does, but in this process, which saves the
 * start of Node and of the AWS SDK each time.
 */
export function runInProcess(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  at: Place = {},
): Promise<Ran> {
  const ran = turn.then(() => runNow(args, env, at))
  turn = ran.catch(() => {})
  return ran
}

async function runNow(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  { input = '', cwd, columns, fromSource = false }: Place,
): Promise<Ran> {
  const { run } = await (fromSource ? loadSource() : loadBuilt())
  const before = { folder: process.cwd(), env: { ...process.env } }
  const own = cleanEnv({
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    ...env,
  })
  replaceEnvironment(own)
  if (cwd !== undefined) process.chdir(cwd)
  const terminal = testTerminal(input, own, columns)
  try {
    const code = await run(['node', 'keyward', ...args], terminal)
    return { code, ...terminal.written() }
  } finally {
    process.chdir(before.folder)
    replaceEnvironment(before.env)
  }
}

function replaceEnvironment(env: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env))
    if (!(name in env)) delete process.env[name]
  Object.assign(process.env, env)
}
