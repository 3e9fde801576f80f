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

/**
 * Whether everything in a folder's lockfile that this extent needs is
 * installed, by a setup or by the user's own `npm ci`.
 *
 * @param {Extent} extent
 */
export function isInstalled(extent, folder = root) {
  try {
    const installed = readPackages(resultIn(folder))
    return Object.entries(readPackages(join(folder, 'package-lock.json')))
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
export function forgetInstalled(folder = root) {
  rmSync(resultIn(folder), { force: true })
}

/**
 * npm writes it at the end of an installation.
 *
 * @param {string} folder
 */
function resultIn(folder) {
  return join(folder, 'node_modules', '.package-lock.json')
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
