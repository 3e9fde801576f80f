import { isDeepStrictEqual } from 'node:util'
import { type AccessKey, readAccessKey } from '../iam/createCredentialStore.js'
import * as DataDir from '../store/DataDir.js'
import * as Lock from '../store/Lock.js'
import * as HomeFile from './HomeFile.js'

/** A home that another process runs, or that none runs. */
export type FoundHome =
  | { running: false }
  | {
      running: true
      endpoint: string
      /** Undefined without a chain. */
      rpcUrl: string | undefined
      accountId: string
      region: string
      /** Of the stack's key; undefined without a stack. */
      keyId: string | undefined
      /** @throws {HomeError} unknown-principal */
      credentials(as: string): AccessKey
    }

/**
 * Reads what a running home left in its folder for other processes of the
 * same user.
 *
 * @throws {HomeError} folder-not-ours, folder-not-private, file-damaged
 */
export function readLocalHome(dataDir: string): FoundHome {
  if (!DataDir.exists(dataDir)) return { running: false }
  const path = DataDir.check(dataDir)
  const file = HomeFile.read(path)
  // The file of a home that was killed stays until the next start.
  if (!file || !isDeepStrictEqual(Lock.holder(path), file.process))
    return { running: false }
  const { endpoint, rpcUrl, accountId, region, keyId } = file
  return {
    running: true,
    endpoint,
    rpcUrl,
    accountId,
    region,
    keyId,
    credentials: (as) => readAccessKey(path, accountId, as),
  }
}
