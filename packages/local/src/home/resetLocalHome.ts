import { join } from 'node:path'
import { stopEarlier } from '../chain/stopEarlier.js'
import * as DataDir from '../store/DataDir.js'

/**
 * Removes the keys, functions, credentials and chain of a local home that is
 * not running, so that the next start begins anew. Only what Keyward made is
 * removed.
 *
 * @throws {HomeError} folder-not-ours, folder-not-private, folder-locked
 */
export function resetLocalHome(dataDir: string): Promise<void> {
  return DataDir.reset(dataDir, (path) => stopEarlier(join(path, 'chain')))
}
