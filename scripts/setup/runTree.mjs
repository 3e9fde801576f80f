import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { isNeededToRun } from './installed.mjs'
import { root } from './root.mjs'

/**
 * A copy of the workspaces' manifests and lockfile without what only tests
 * need. `npm ci --omit=dev` would still install viem, ethers and typescript
 * (60 % of all files): they are optional peers of packages that are needed, and
 * npm omits those only together with esbuild's and anvil's binaries.
 */
export const runTree = join(root, '.keyward-setup')

export function writeRunTree(folder = runTree) {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
  copyFileSync(join(root, '.npmrc'), join(folder, '.npmrc'))
  const lockfile = readJson('package-lock.json')
  /** @type {Record<string, object>} */
  const packages = {}
  for (const [path, entry] of Object.entries(lockfile.packages)) {
    if (!isNeededToRun(entry)) continue
    packages[path] = isWorkspace(path) ? withoutDev(entry) : entry
    if (!isWorkspace(path)) continue
    mkdirSync(join(folder, path), { recursive: true })
    const manifest = readJson(join(path, 'package.json'))
    writeJson(join(folder, path, 'package.json'), withoutDev(manifest))
    // npm links only commands that exist.
    if (manifest.bin)
      cpSync(join(root, path, 'bin'), join(folder, path, 'bin'), {
        recursive: true,
      })
  }
  writeJson(join(folder, 'package-lock.json'), { ...lockfile, packages })
}

/** Moves what npm has installed in the copy into the checkout. */
export function adoptRunTree() {
  const { packages } = readJson('package-lock.json')
  // The root is the first. Its node_modules says what is installed, so it comes
  // last.
  const workspaces = Object.keys(packages).filter(isWorkspace).reverse()
  for (const path of workspaces) {
    const folder = join(path, 'node_modules')
    rmSync(join(root, folder), { recursive: true, force: true })
    // Links in it are relative, so they stay right.
    if (existsSync(join(runTree, folder)))
      renameSync(join(runTree, folder), join(root, folder))
  }
  rmSync(runTree, { recursive: true, force: true })
}

/** @param {string} path of a lockfile's entry; '' is the root */
const isWorkspace = (path) => !path.includes('node_modules')

/** @param {Record<string, unknown>} manifest */
function withoutDev(manifest) {
  const { devDependencies, peerDependencies, peerDependenciesMeta, ...rest } =
    manifest
  return rest
}

/** @param {string} path in the checkout */
function readJson(path) {
  return JSON.parse(readFileSync(join(root, path), 'utf8'))
}

/** @param {string} path @param {object} content */
function writeJson(path, content) {
  writeFileSync(path, JSON.stringify(content))
}
