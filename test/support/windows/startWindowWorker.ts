import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { WindowsOptions } from '../../../packages/guard/src/windows/dynamodb/createWindows.js'

export type WindowWorkerSettings = {
  /** Undefined: the parent has the table. */
  options: WindowsOptions | undefined
  /** The beginning of its requests' ids. */
  name: string
  callers: number
}

/** One file, so that a process that is killed often starts quickly. */
export async function bundleWindowWorker(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'keyward-windows-'))
  const outfile = join(folder, 'worker.mjs')
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

export async function startWindowWorker(
  file: string,
  settings: WindowWorkerSettings,
  onMessage: (message: object, child: ChildProcess) => void,
): Promise<ChildProcess> {
  const child = fork(file, [], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
    // With bigints.
    serialization: 'advanced',
  })
  child.on('message', (message) => onMessage(message as object, child))
  child.on('error', () => {})
  child.send(settings)
  await once(child, 'message')
  return child
}
