import { readFile } from 'node:fs/promises'
import { InputError, quote } from '@keyward/core/errors'
import { assertWritableFolder, writePrivateFile } from '../privateFile.js'
import { version } from '../version.js'
import type { Wrapping } from './wrapKeyMaterial.js'

/** The record of an import. Nothing in it is secret. */
export type Receipt = {
  kind: 'keyward-import-receipt'
  version: 1
  keyArn: string
  /** The address in EIP-55 form. */
  address: string
  /** When the public key that KMS returned was checked against the address. */
  checkedAt: string
  /**
   * Null if the key already had the material, so that its importer is unknown.
   */
  importedAt: string | null
  wrapping: Wrapping | null
  /** When the key material expires; null if never. */
  validTo: string | null
  /**
   * Whether the key signed the challenge. If not, `key verify` can make it do
   * so.
   */
  challengeSigned: boolean
  /** The version of Keyward. */
  keyward: string
}

export function create(
  facts: Omit<Receipt, 'kind' | 'version' | 'keyward'>,
): Receipt {
  return {
    kind: 'keyward-import-receipt',
    version: 1,
    ...facts,
    keyward: version(),
  }
}

/**
 * Checks, before anything is sent, that a receipt can be written.
 *
 * @throws InputError if the folder is not writable, or if the file exists and
 * is not a receipt for this key and address
 */
export async function assertPlace(
  given: string | undefined,
  keyArn: string | undefined,
  address: string,
): Promise<void> {
  await assertWritableFolder(given ?? '.', '--receipt')
  if (given === undefined) return
  if ((await exists(given)) && !(await isOf(given, keyArn, address)))
    throw new InputError(`--receipt ${quote(given)} already exists.`, {
      details:
        'The file is not a receipt for this key and address. Nothing was imported. ' +
        'Choose another file name.',
    })
}

/**
 * Writes a receipt atomically, readable only by its owner. Never overwrites a
 * receipt: if the key already has one, the new one becomes a second file next
 * to it.
 *
 * @returns Its path.
 */
export async function write(
  given: string | undefined,
  receipt: Receipt,
): Promise<string> {
  const keyId = receipt.keyArn.slice(receipt.keyArn.lastIndexOf('/') + 1)
  const path = given ?? `keyward-receipt-${keyId}.json`
  const text = `${JSON.stringify(receipt, undefined, 2)}\n`
  if (!(await exists(path))) return writePrivateFile(path, text)
  // If a check found nothing new, the first receipt is enough.
  if (
    receipt.importedAt === null &&
    (await isOf(path, receipt.keyArn, receipt.address))
  )
    return path
  const stamp = receipt.checkedAt.replace(/[-:.]/g, '')
  return writePrivateFile(`${path.replace(/\.json$/, '')}-${stamp}.json`, text)
}

async function isOf(
  path: string,
  keyArn: string | undefined,
  address: string,
): Promise<boolean> {
  try {
    const there = JSON.parse(await readFile(path, 'utf8')) as Partial<Receipt>
    return there.keyArn === keyArn && there.address === address
  } catch {
    return false
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await readFile(path)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT'
  }
}
