import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join, relative } from 'node:path'
import { forgetInstalled, isInstalled } from './installed.mjs'
import { takeLock } from './lock.mjs'
import { root } from './root.mjs'

/**
 * Installs a folder outside the workspaces from its own lockfile, once for each
 * state of that file.
 *
 * @param {string} folder
 * @param {readonly string[]} [flags] additional flags for npm ci
 */
export async function provideFolder(folder, flags = []) {
  if (isInstalled('all', folder)) return
  // Any process that needs the folder may be the first.
  const lock = await takeLock(join(folder, '.keyward-setup.lock'), (holder) =>
    console.log(
      `Waiting for process ${holder}, which installs ${relative(root, folder)}.`,
    ),
  )
  try {
    if (isInstalled('all', folder)) return
    forgetInstalled(folder)
    const npm = spawn('npm', ['ci', '--ignore-scripts', '--silent', ...flags], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const [code] = await once(npm, 'close')
    if (code !== 0)
      throw new Error(`npm ci failed (${code}) in ${relative(root, folder)}.`)
  } finally {
    lock.release()
  }
}
