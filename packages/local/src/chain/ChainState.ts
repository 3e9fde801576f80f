import { copyFileSync, existsSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Makes sure that anvil finds a complete state file or none, and returns its
 * path. anvil writes the file in place, so kill -9 may leave half a file, and
 * anvil won't start from that. The state of the last good start is kept next to
 * the file.
 */
export function prepare(folder: string): string {
  const state = join(folder, 'state.json')
  const good = join(folder, 'state.good.json')
  if (isWhole(state)) copyAtomic(state, good)
  else if (isWhole(good)) copyAtomic(good, state)
  else if (existsSync(state)) renameSync(state, join(folder, 'state.broken'))
  return state
}

function isWhole(path: string): boolean {
  try {
    const state: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return typeof state === 'object' && state !== null
  } catch {
    return false
  }
}

function copyAtomic(from: string, to: string) {
  copyFileSync(from, `${to}.tmp`)
  renameSync(`${to}.tmp`, to)
}
