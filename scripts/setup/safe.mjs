import { join } from 'node:path'
import { provideFolder } from './provideFolder.mjs'
import { root } from './root.mjs'

const folder = join(root, 'test', 'safe')

/** Safe's contracts and protocol-kit, only for tests. */
export const safe = {
  folder,
  /** The path of a file in one of the packages. @param {string[]} names */
  path: (...names) => join(folder, 'node_modules', ...names),
}

/** Installs the packages from their own lockfile. */
export const provideSafe = () => provideFolder(folder)
