import { join } from 'node:path'
import { provideFolder } from './provideFolder.mjs'
import { root } from './root.mjs'

const folder = join(root, 'test', 'edr')

/**
 * Hardhat 2, whose node is a second EVM for the tests. Hardhat 3 needs Node 22.
 */
export const hardhat = {
  folder,
  command: join(folder, 'node_modules/hardhat/internal/cli/bootstrap.js'),
}

/** Installs Hardhat from its own lockfile. */
export const provideHardhat = () => provideFolder(folder)
