import { join } from 'node:path'
import { stopEarlier } from '../chain/stopEarlier.js'
import * as DataDir from '../store/DataDir.js'

/**
 * Removes the keys, functions, credentials and chain of a stopped local home,
 * so that the next start is fresh. It removes only files that Keyward created.
 *
 * @throws {HomeError} folder-not-ours, folder-not-private, folder-locked
 */
export function resetLocalHome(dataDir: string): Promise<void> {
  return DataDir.reset(dataDir, (path) => stopEarlier(join(path, 'chain')))
}
