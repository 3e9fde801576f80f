import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './root.mjs'

const folder = join(root, 'test', 'edr')

/** Hardhat 2, whose node is a second EVM for the tests; 3 wants Node 22. */
export const hardhat = {
  folder,
  command: join(folder, 'node_modules/hardhat/internal/cli/bootstrap.js'),
}

/** Installs it from its own lockfile, once. */
export function provideHardhat() {
  if (existsSync(hardhat.command)) return
  execFileSync('npm', ['ci', '--ignore-scripts', '--silent'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}
