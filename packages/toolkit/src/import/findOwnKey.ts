import type { KeyMetadata } from '@aws-sdk/client-kms'
import { addressTag } from '../aws/tags.js'
import type { Ceremony } from './Ceremony.js'
import {
  findImportKey,
  type ImportKey,
  KeyNotImportableError,
} from './findImportKey.js'
import { findTaggedKeys } from './findTaggedKeys.js'

/**
 * Finds, by its tag, the key that an earlier run created for this address, so
 * that running again continues with that key.
 *
 * @returns Undefined if there is none.
 * @throws KeyNotImportableError if that key is scheduled for deletion;
 * ImportError
 */
export async function findOwnKey(
  ceremony: Ceremony,
  address: string,
): Promise<ImportKey | undefined> {
  const keys = await findTaggedKeys(ceremony, {
    key: addressTag,
    value: address,
  })
  const [chosen, ...others] = keys.filter(
    ({ KeyState }) => KeyState !== 'PendingDeletion',
  )
  if (chosen === undefined) {
    const [doomed] = keys
    if (doomed !== undefined) throw pendingDeletion(doomed, address)
    return undefined
  }
  ceremony.say(`Found ${chosen.Arn}, which was created for this address.`)
  for (const { Arn } of others)
    ceremony.say(
      `${Arn} was also created for this address and is not needed. To ` +
        `delete it:\n  keyward key schedule-deletion ${Arn}`,
    )
  return findImportKey(ceremony, chosen.Arn ?? '', address)
}

function pendingDeletion({ Arn }: KeyMetadata, address: string): Error {
  return new KeyNotImportableError(
    `The key that was created for ${address} is scheduled for deletion.`,
    `That key is ${Arn}. To continue with it, run keyward key cancel-deletion ` +
      `${Arn}. To use another key, create it with keyward key create and ` +
      'pass it with --key.',
  )
}
