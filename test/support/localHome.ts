import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { WireCall } from './awsModels/checkCall.js'
import { findViolations } from './awsModels/findViolations.js'
import { cleanEnv, keywardBin, runCli } from './runCli.js'
import { soak } from './tools.js'

/** The line of `keyward local --json`. */
export type Ready = {
  endpoint: string
  rpcUrl: string | null
  keys: { keyId: string; arn: string; alias: string; address: string }[]
  functions: { name: string; arn: string }[]
}

export type RunningHome = {
  ready: Ready
  dataDir: string
  /** The stack's key. */
  key: Ready['keys'][number]
  child: ChildProcess
  stderr(): string
  /** What was asked of AWS here by whom ever, and answered; with `records`. */
  calls(): WireCall[]
  /** What `keyward env --as ...` gives, as variables. */
  env(as?: string): Promise<Record<string, string>>
  /** Stops with SIGTERM and answers the exit code; keeps the folder. */
  stop(): Promise<number | null>
  /** kill -9, and waits until it is gone. */
  kill(): Promise<void>
  /**
   * Stops it and removes the folder, when it made it itself. In soak, tests of
   * the command line fail here for what AWS would not read of all that was asked.
   */
  close(): Promise<void>
}

/** Whether the command line is what is tested, and not somebody else's client. */
const isEndToEnd = () =>
  expect.getState().testPath?.includes('/test/cli/') === true

const recorder = new URL('awsModels/recordHome.mjs', import.meta.url).href

/**
 * Starts `keyward local` as a process of its own on free ports and waits for
 * its JSON line.
 */
export async function startLocalHome(
  options: { dataDir?: string; args?: string[]; records?: boolean } = {},
): Promise<RunningHome> {
  const { records = soak && isEndToEnd() } = options
  const own = options.dataDir === undefined
  const dataDir =
    options.dataDir ?? (await mkdtemp(join(tmpdir(), 'keyward-test-')))
  const args = [
    ...['local', '--port', '0', '--chain-port', '0', '--json'],
    ...['--data-dir', dataDir, ...(options.args ?? [])],
  ]
  // Beside the folder, which belongs to the home.
  const record = `${dataDir}.calls`
  const preload = records ? ['--import', recorder] : []
  const child = spawn(process.execPath, [...preload, keywardBin, ...args], {
    env: cleanEnv(records ? { KEYWARD_TEST_CALLS: record } : {}),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
  })
  const closed = once(child, 'close')
  const ready = JSON.parse(
    await firstLine(child).catch((error: Error) => {
      throw new Error(`${error.message}\n${stderr}`)
    }),
  ) as Ready
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal)
    const [code] = await closed
    return code as number | null
  }
  const calls = () =>
    existsSync(record)
      ? readFileSync(record, 'utf8')
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line) as WireCall)
      : []
  return {
    ready,
    dataDir,
    key: ready.keys[0] as Ready['keys'][number],
    child,
    stderr: () => stderr,
    calls,
    async env(as = 'user') {
      const args = ['env', '--data-dir', dataDir, '--as', as, '--json']
      const { code, stdout, stderr } = await runCli(args)
      if (code !== 0) throw new Error(stderr)
      return JSON.parse(stdout) as Record<string, string>
    },
    stop: () => end('SIGTERM'),
    async kill() {
      await end('SIGKILL')
    },
    async close() {
      await end('SIGTERM')
      const { violations } = findViolations(soak && isEndToEnd() ? calls() : [])
      await rm(record, { force: true })
      if (own) await rm(dataDir, { recursive: true, force: true })
      if (violations.length > 0)
        throw new Error(`AWS would not read this:\n${violations.join('\n')}`)
    },
  }
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')))
    })
    child.once('close', (code) =>
      reject(
        new Error(`keyward local ended with ${code} before it was ready.`),
      ),
    )
  })
}
