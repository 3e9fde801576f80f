import { join } from 'node:path'
import { provideFolder } from './provideFolder.mjs'
import { root } from './root.mjs'

/** npm has Node as packages only for this platform. */
const available = process.platform === 'linux' && process.arch === 'x64'

/** @param {'node22' | 'node24' | 'arm64'} name @param {'x64' | 'arm64'} arch */
const of = (name, arch) => {
  const folder = join(root, 'test', name)
  const path = join(folder, 'node_modules', `node-linux-${arch}`, 'bin', 'node')
  return { folder, path, available }
}

/** Node versions other than the one that runs the tests. */
export const nodes = {
  node22: of('node22', 'x64'),
  /** The version on which Lambda runs the functions. */
  node24: of('node24', 'x64'),
  /** The same version, for Lambda's Arm processors, under qemu. */
  arm64: of('arm64', 'arm64'),
}

/**
 * Installs one of them from its own lockfile, once.
 *
 * @param {keyof typeof nodes} name
 */
export async function provideNode(name) {
  if (!available) {
    console.log(
      `\n*** LEFT OUT: tests on another Node (${name}), which npm has only for Linux on x64. ***\n`,
    )
    return
  }
  // Without --force, npm refuses the package for another processor.
  await provideFolder(nodes[name].folder, ['--force'])
}
