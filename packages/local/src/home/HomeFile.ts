import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { readJsonSync, writeFileAtomicSync } from '../store/atomicFile.js'
import type { ProcessId } from '../store/ProcessId.js'

/**
 * The information that a running home gives to other processes. The file exists
 * as long as the home is ready.
 */
export type HomeFile = {
  format: 1
  process: ProcessId
  endpoint: string
  rpcUrl?: string
  accountId: string
  region: string
  /** Address of the stack's key. */
  keyId?: string
}

export function write(dataDir: string, file: HomeFile): void {
  writeFileAtomicSync(pathOf(dataDir), `${JSON.stringify(file, null, 2)}\n`)
}

export function read(dataDir: string): HomeFile | undefined {
  return readJsonSync(pathOf(dataDir)) as HomeFile | undefined
}

export function remove(dataDir: string): void {
  rmSync(pathOf(dataDir), { force: true })
}

function pathOf(dataDir: string) {
  return join(dataDir, 'home.json')
}
