import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { ReconcilerOptions } from '../../../packages/sender/src/index.js'
import type { SigningCredentials } from '../signRequest.js'

export type WorkerSettings = {
  role: 'sender' | 'reconciler'
  aws: { endpoint: string; region: string; credentials: SigningCredentials }
  keyId: string
  address: `0x${string}`
  tableName: string
  rpcUrl: string
  chainId: number
  /** How long a reconciler may run, and so how long a dead one's lease lasts. */
  runMs: number
  timing: Pick<
    ReconcilerOptions,
    | 'confirmations'
    | 'stuckAfterMs'
    | 'resendAfterMs'
    | 'graceMs'
    | 'fillAfterMs'
    | 'suspectMs'
  >
}

/** One file, so that a process that is killed every second starts quickly. */
export async function bundleWorker(): Promise<string> {
  const outfile = join(
    mkdtempSync(join(tmpdir(), 'keyward-chaos-')),
    'worker.mjs',
  )
  await build({
    entryPoints: [fileURLToPath(new URL('worker.ts', import.meta.url))],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    conditions: ['@keyward/source'],
    logLevel: 'silent',
  })
  return outfile
}

export async function startWorker(
  file: string,
  settings: WorkerSettings,
  onMessage: (message: Record<string, unknown>) => void,
) {
  const child: ChildProcess = fork(file, [], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
  })
  child.on('message', onMessage)
  child.on('error', () => {})
  child.send(settings)
  await once(child, 'message')
  return {
    send: (message: object) => child.connected && child.send(message, () => {}),
    /** It sleeps in the middle of whatever it does, longer than a lease. */
    pause(ms: number) {
      child.kill('SIGSTOP')
      setTimeout(() => child.kill('SIGCONT'), ms).unref()
    },
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
  }
}
