import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './root.mjs'

const folder = join(root, 'test', 'mutation')

/** Stryker, which changes the code to see whether a test notices. */
export const stryker = {
  command: join(folder, 'node_modules/@stryker-mutator/core/bin/stryker.js'),
  config: join('test', 'mutation', 'stryker.config.mjs'),
}

/** Installs it from its own lockfile, once. */
export function provideStryker() {
  if (existsSync(stryker.command)) return
  execFileSync('npm', ['ci', '--ignore-scripts', '--silent'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}
