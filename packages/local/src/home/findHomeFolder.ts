import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** Where a home is unless another folder is named. */
const usualFolder = '.keyward'

/**
 * The folder of the home that is meant: the one that is named, or the usual one
 * of the nearest folder above that has it, as for `.git`.
 */
export function findHomeFolder(named = usualFolder): string {
  if (named !== usualFolder) return resolve(named)
  for (let at = process.cwd(); ; at = dirname(at)) {
    const found = join(at, usualFolder)
    if (existsSync(found)) return found
    if (at === dirname(at)) return resolve(usualFolder)
  }
}
