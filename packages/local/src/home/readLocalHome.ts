import { isDeepStrictEqual } from 'node:util'
import {
  type AccessKey,
  principalsIn,
  readAccessKey,
} from '../iam/createCredentialStore.js'
import * as DataDir from '../store/DataDir.js'
import * as Lock from '../store/Lock.js'
import * as HomeFile from './HomeFile.js'

/** A home that is stopped or that another process runs. */
export type FoundHome =
  | { running: false }
  | {
      running: true
      endpoint: string
      /** Undefined without a chain. */
      rpcUrl: string | undefined
      accountId: string
      region: string
      /** Address of the stack's key; undefined without a stack. */
      keyId: string | undefined
      /** @throws {HomeError} unknown-principal */
      credentials(as: string): AccessKey
      /** ARNs of the principals that have credentials. */
      principals(): string[]
    }

/**
 * Reads the file that a running home keeps in its folder for other processes of
 * the same user.
 *
 * @throws {HomeError} folder-not-ours, folder-not-private, file-damaged
 */
export function readLocalHome(dataDir: string): FoundHome {
  if (!DataDir.exists(dataDir)) return { running: false }
  const path = DataDir.check(dataDir)
  const file = HomeFile.read(path)
  // If a home is killed, its file stays until the next start.
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
    principals: () => principalsIn(path),
  }
}
