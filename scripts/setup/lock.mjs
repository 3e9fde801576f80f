import { linkSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { isAlive, processIdentity } from './processIdentity.mjs'
import { writeAtomic } from './writeAtomic.mjs'

/** @typedef {{ add(pid: number): void, release(): void }} Lock */

/**
 * Takes a lock file, and waits while a living process holds it. The file names
 * its holders, one per line. It is stale if none of them is alive, so a killed
 * setup whose npm is still running keeps the next setup waiting.
 *
 * @param {string} path
 * @param {(holder: string) => void} onWait called once if it must wait
 * @returns {Promise<Lock>}
 */
export async function takeLock(path, onWait) {
  const holders = [processIdentity(process.pid) ?? String(process.pid)]
  const own = `${path}.${process.pid}`
  let waited = false
  try {
    writeAtomic(own, `${holders[0]}\n`)
    while (!tryLink(own, path)) {
      const content = read(path)
      const living = content?.split('\n').filter(Boolean).find(isAlive)
      if (content !== undefined && living === undefined)
        breakLock(path, content)
      else {
        if (!waited && living !== undefined) onWait(living.split(' ')[0] ?? '')
        waited = true
        // There is no signal when another process releases a file, so check
        // again.
        await delay(200)
      }
    }
  } finally {
    rmSync(own, { force: true })
  }
  return {
    add(pid) {
      const identity = processIdentity(pid)
      if (identity === undefined) return
      holders.push(identity)
      writeAtomic(path, `${holders.join('\n')}\n`)
    },
    release() {
      rmSync(path, { force: true })
    },
  }
}

/** @param {string} from @param {string} to */
function tryLink(from, to) {
  try {
    // A link appears together with its content, unlike a file that is opened
    // for writing.
    linkSync(from, to)
    return true
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST')
      return false
    throw error
  }
}

/**
 * Moves a stale lock away. If another process was faster and the moved file is
 * that process's new lock, puts it back.
 *
 * @param {string} path
 * @param {string} stale
 */
function breakLock(path, stale) {
  const moved = `${path}.${process.pid}.stale`
  try {
    renameSync(path, moved)
  } catch {
    return
  }
  if (read(moved) !== stale) tryLink(moved, path)
  rmSync(moved, { force: true })
}

/** @param {string} path */
function read(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
