import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** The default folder of a home. */
const usualFolder = '.keyward'

/**
 * Finds the home's folder: the named one, or the default folder in the nearest
 * parent folder that has one, as for `.git`.
 */
export function findHomeFolder(named = usualFolder): string {
  if (named !== usualFolder) return resolve(named)
  for (let at = process.cwd(); ; at = dirname(at)) {
    const found = join(at, usualFolder)
    if (existsSync(found)) return found
    if (at === dirname(at)) return resolve(usualFolder)
  }
}
