import { isDeepStrictEqual } from 'node:util'
import { type AccessKey, readAccessKey } from '../iam/createCredentialStore.js'
import * as DataDir from '../store/DataDir.js'
import * as Lock from '../store/Lock.js'
import { accountId } from './constants.js'
import * as HomeFile from './HomeFile.js'

export type RunningHome =
  | { running: false }
  | {
      running: true
      endpoint: string
      rpcUrl: string | undefined
      accountId: string
      region: string
      /** ARN of the stack's key; undefined without a stack. */
      keyId: string | undefined
      /** @throws {HomeError} unknown-principal */
      credentials(as: string): AccessKey
    }

/**
 * What another process needs to talk to the home that runs on a folder. Reads
 * files only; nothing is locked or changed.
 *
 * @throws {HomeError} folder-not-ours, folder-not-private, file-damaged
 */
export async function readLocalHome(folder: string): Promise<RunningHome> {
  if (!DataDir.exists(folder)) return { running: false }
  const dataDir = DataDir.check(folder)
  const file = HomeFile.read(dataDir)
  // A home that was killed leaves its file; a living one holds the lock. The
  // holder may also be another home that is not ready yet.
  if (!file || !isDeepStrictEqual(Lock.holder(dataDir), file.process))
    return { running: false }
  return {
    running: true,
    endpoint: file.endpoint,
    rpcUrl: file.rpcUrl,
    accountId: file.accountId,
    region: file.region,
    keyId: file.keyId,
    credentials: (as) => readAccessKey(dataDir, accountId, as),
  }
}
