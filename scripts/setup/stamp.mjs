import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './root.mjs'
import { writeAtomic } from './writeAtomic.mjs'

const path = join(root, 'node_modules', '.keyward-setup.json')

// The part of a package.json that npm installs by; another script or another
// export needs no new installation.
const relevant = [
  'name',
  'version',
  'workspaces',
  'bin',
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'peerDependencies',
  'peerDependenciesMeta',
  'overrides',
]

/**
 * What an installation is for: to run Keyward, or to work on it as well.
 * @typedef {'run' | 'all'} Extent
 */

/**
 * What an installation depends on; equal stamps need no new installation.
 *
 * @param {Extent} extent
 */
function currentStamp(extent) {
  const packages = join(root, 'packages')
  const manifests = readdirSync(packages)
    .sort()
    .map((name) => join(packages, name, 'package.json'))
    .filter((path) => existsSync(path))
  const hash = createHash('sha256')
  for (const name of ['package-lock.json', '.npmrc'])
    hash.update(readFileSync(join(root, name)))
  for (const path of [join(root, 'package.json'), ...manifests]) {
    const manifest = JSON.parse(readFileSync(path, 'utf8'))
    hash.update(JSON.stringify(relevant.map((field) => manifest[field])))
  }
  return JSON.stringify({
    extent,
    manifests: hash.digest('hex'),
    nodeMajor: Number.parseInt(process.versions.node, 10),
    platform: `${process.platform}-${process.arch}`,
  })
}

/**
 * True when the last complete installation was for just this, or for more.
 *
 * @param {Extent} extent
 */
export function isInstalled(extent) {
  try {
    const stamp = readFileSync(path, 'utf8')
    return (
      stamp === currentStamp('all') ||
      (extent === 'run' && stamp === currentStamp('run'))
    )
  } catch {
    return false
  }
}

/**
 * To be called last: a killed installation must leave no stamp.
 *
 * @param {Extent} extent
 */
export function writeStamp(extent) {
  writeAtomic(path, currentStamp(extent))
}
