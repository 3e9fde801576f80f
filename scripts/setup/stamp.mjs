import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './root.mjs'
import { writeAtomic } from './writeAtomic.mjs'

const path = join(root, 'node_modules', '.keyward-setup.json')

// The part of a package.json that affects installation. A changed script or
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
 * The purpose of an installation: only to run Keyward, or also to work on it.
 * @typedef {'run' | 'all'} Extent
 */

/**
 * Everything that an installation depends on. Equal stamps need no new
 * installation.
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
 * Whether the last complete installation covers this extent.
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
 * Call it last: a killed installation must leave no stamp.
 *
 * @param {Extent} extent
 */
export function writeStamp(extent) {
  writeAtomic(path, currentStamp(extent))
}
