import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { takeLock } from './lock.mjs'
import { root } from './root.mjs'
import { writeAtomic } from './writeAtomic.mjs'

const folder = join(root, 'test', 'safe')
const stamp = join(folder, 'node_modules', '.keyward-safe')

/** Safe's contracts and protocol-kit, for tests alone. */
export const safe = {
  folder,
  /** The path of a file in one of its packages. @param {string[]} names */
  path: (...names) => join(folder, 'node_modules', ...names),
}

/** Installs them from their own lockfile, once for each state of it. */
export async function provideSafe() {
  if (isProvided()) return
  // Each test file that needs them may be the first one.
  const lock = await takeLock(join(folder, '.keyward-setup.lock'), (holder) =>
    console.log(`Waiting for process ${holder}, which installs test/safe.`),
  )
  try {
    if (isProvided()) return
    // An older stamp must not outlive an installation that gets killed.
    rmSync(stamp, { force: true })
    execFileSync('npm', ['ci', '--ignore-scripts', '--silent'], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    writeAtomic(stamp, lockfileHash())
  } finally {
    lock.release()
  }
}

function isProvided() {
  try {
    return readFileSync(stamp, 'utf8') === lockfileHash()
  } catch {
    return false
  }
}

function lockfileHash() {
  const lockfile = readFileSync(join(folder, 'package-lock.json'))
  return createHash('sha256').update(lockfile).digest('hex')
}
