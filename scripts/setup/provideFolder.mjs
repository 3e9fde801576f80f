import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { takeLock } from './lock.mjs'
import { root } from './root.mjs'
import { writeAtomic } from './writeAtomic.mjs'

/**
 * Installs a folder outside the workspaces from its own lockfile, once for each
 * state of that file.
 *
 * @param {string} folder
 * @param {readonly string[]} [flags] additional flags for npm ci
 */
export async function provideFolder(folder, flags = []) {
  if (isProvided(folder)) return
  // Any process that needs the folder may be the first.
  const lock = await takeLock(join(folder, '.keyward-setup.lock'), (holder) =>
    console.log(
      `Waiting for process ${holder}, which installs ${relative(root, folder)}.`,
    ),
  )
  try {
    if (isProvided(folder)) return
    // An old stamp must not survive a killed installation.
    rmSync(stampOf(folder), { force: true })
    const npm = spawn('npm', ['ci', '--ignore-scripts', '--silent', ...flags], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const [code] = await once(npm, 'close')
    if (code !== 0)
      throw new Error(`npm ci failed (${code}) in ${relative(root, folder)}.`)
    writeAtomic(stampOf(folder), lockfileHash(folder))
  } finally {
    lock.release()
  }
}

/** @param {string} folder */
const stampOf = (folder) => join(folder, 'node_modules', '.keyward-lock')

/** @param {string} folder */
function isProvided(folder) {
  try {
    return readFileSync(stampOf(folder), 'utf8') === lockfileHash(folder)
  } catch {
    return false
  }
}

/** @param {string} folder */
function lockfileHash(folder) {
  const lockfile = readFileSync(join(folder, 'package-lock.json'))
  return createHash('sha256').update(lockfile).digest('hex')
}
