import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './root.mjs'

/**
 * The purpose of an installation: only to run Keyward, or also to work on it.
 * @typedef {'run' | 'all'} Extent
 */

/**
 * The fields of a lockfile's entry that are used here.
 * @typedef {{
 *   version?: string, dev?: boolean, devOptional?: boolean,
 *   optional?: boolean, os?: string[], cpu?: string[], libc?: string[]
 * }} Entry
 */

// npm writes it at the end of an installation.
const result = join(root, 'node_modules', '.package-lock.json')

/**
 * Whether everything in the lockfile that this extent needs is installed, by
 * this setup or by the user's own `npm ci`.
 *
 * @param {Extent} extent
 */
export function isInstalled(extent) {
  try {
    const installed = readPackages(result)
    return Object.entries(readPackages(join(root, 'package-lock.json')))
      .filter(([path]) => path.includes('node_modules'))
      .filter(([, entry]) => isForThisPlatform(entry))
      .filter(([, entry]) => extent === 'all' || isNeededToRun(entry))
      .every(
        ([path, { version }]) =>
          Object.hasOwn(installed, path) &&
          installed[path]?.version === version,
      )
  } catch {
    return false
  }
}

/** Call it first: a killed installation must not look complete. */
export function forgetInstalled() {
  rmSync(result, { force: true })
}

/** @param {Entry} entry */
export function isNeededToRun({ dev, devOptional }) {
  return dev !== true && devOptional !== true
}

/**
 * Of an optional package, only one that names this platform is sure to be
 * installed. (A Linux has the packages of one libc.)
 *
 * @param {Entry} entry
 */
function isForThisPlatform({ optional, os = [], cpu = [], libc }) {
  if (optional !== true) return true
  return (
    os.includes(process.platform) &&
    cpu.includes(process.arch) &&
    libc === undefined
  )
}

/**
 * @param {string} path of a lockfile
 * @returns {Record<string, Entry>}
 */
function readPackages(path) {
  return JSON.parse(readFileSync(path, 'utf8')).packages
}
