import {
  createPrivateKey,
  type KeyObject,
  randomBytes,
  randomUUID,
} from 'node:crypto'
import { readFileSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AwsError } from '../../protocol/Service.js'
import { writeFileAtomicSync } from '../../store/atomicFile.js'
import { openFolder, removeFile, writeFileAtomic } from '../state/atomicFile.js'
import { generateWrappingKey } from './generateWrappingKey.js'
import * as ImportToken from './ImportToken.js'
import type { WrappingAlgorithm, WrappingKeySpec } from './WrappingAlgorithm.js'

/** A public key and its token, which belong together. */
export type ImportSet = {
  publicKey: Buffer
  token: Buffer
  expiresAt: number
}

export type ImportSets = {
  issue(options: {
    keyId: string
    algorithm: WrappingAlgorithm
    spec: WrappingKeySpec
    now: number
  }): Promise<ImportSet>
  /**
   * The wrapping key that belongs to a token.
   *
   * @throws AwsError InvalidImportTokenException, ExpiredImportTokenException
   */
  open(
    token: Uint8Array,
    keyId: string,
    now: number,
  ): Promise<{ algorithm: WrappingAlgorithm; wrappingKey: KeyObject }>
}

const lifetimeMs = 24 * 60 * 60 * 1000

/**
 * Issues import sets and finds their wrapping keys again, even after a restart.
 * Until it expires, each private key is kept in a file named after its id and
 * expiry.
 */
export const createImportSets = (folder: string, now: number): ImportSets => {
  const keysFolder = join(folder, 'wrapping')
  const isExpired = (file: string, time: number): boolean =>
    Number.parseInt(file, 10) <= time
  const files = new Set<string>()
  for (const file of openFolder(keysFolder))
    if (isExpired(file, now)) rmSync(join(keysFolder, file))
    else files.add(file)
  const secret = loadSecret(folder)
  const fileOf = (token: ImportToken.ImportToken): string =>
    `${token.expiresAt}-${token.wrappingKeyId}`

  const removeExpired = async (time: number): Promise<void> => {
    for (const file of files) {
      if (!isExpired(file, time)) continue
      files.delete(file)
      await removeFile(join(keysFolder, file))
    }
  }

  return {
    issue: async (options) => {
      await removeExpired(options.now)
      const pair = await generateWrappingKey(options.spec)
      const token: ImportToken.ImportToken = {
        keyId: options.keyId,
        wrappingKeyId: randomUUID(),
        algorithm: options.algorithm,
        expiresAt: options.now + lifetimeMs,
      }
      const file = fileOf(token)
      await writeFileAtomic(join(keysFolder, file), pair.privateKey)
      files.add(file)
      pair.privateKey.fill(0)
      return {
        publicKey: pair.publicKey,
        token: ImportToken.encode(token, secret),
        expiresAt: token.expiresAt,
      }
    },
    open: async (bytes, keyId, time) => {
      const token = ImportToken.decode(bytes, secret)
      if (token?.keyId !== keyId)
        throw new AwsError('InvalidImportTokenException')
      if (token.expiresAt <= time)
        throw new AwsError('ExpiredImportTokenException')
      const file = fileOf(token)
      if (!files.has(file)) throw new AwsError('InvalidImportTokenException')
      const key = await readFile(join(keysFolder, file))
      try {
        return {
          algorithm: token.algorithm,
          wrappingKey: createPrivateKey({ key, format: 'der', type: 'pkcs8' }),
        }
      } finally {
        key.fill(0)
      }
    },
  }
}

/** The key that authenticates tokens. For a given folder, it never changes. */
const loadSecret = (folder: string): Buffer => {
  const name = 'token-secret'
  const path = join(folder, name)
  if (openFolder(folder).includes(name)) return readFileSync(path)
  const secret = randomBytes(32)
  writeFileAtomicSync(path, secret)
  return secret
}
