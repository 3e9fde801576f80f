import { join } from 'node:path'
import { provideFolder } from './provideFolder.mjs'
import { root } from './root.mjs'

const folder = join(root, 'test', 'mutation')

/**
 * Stryker, which changes the code to check whether a test notices the change.
 */
export const stryker = {
  command: join(folder, 'node_modules/@stryker-mutator/core/bin/stryker.js'),
  config: join('test', 'mutation', 'stryker.config.mjs'),
}

/** Installs Stryker from its own lockfile. */
export const provideStryker = () => provideFolder(folder)
