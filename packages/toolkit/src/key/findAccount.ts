import { InputError } from '@keyward/core/errors'
import { addressOf } from '../aws/describeKey.js'
import { withAws } from '../aws/withAws.js'
import type { Io } from '../Io.js'

/** The EIP-55 address of a key. */
export function readKeyAddress(io: Io, keyId: string): Promise<string> {
  return withAws(io, { keyId }, ({ kms }) => addressOf(kms, keyId))
}

/**
 * Finds the given account, or the account of the given key.
 *
 * @returns A function that finds its address. Calls kms:GetPublicKey for a key.
 * @throws InputError if both are given, or neither
 */
export function findAccount(
  io: Io,
  { address, key }: { address: string | undefined; key: string | undefined },
): () => Promise<string> {
  if (address !== undefined && key !== undefined)
    throw new InputError("<address> can't be used with --key.", {
      details: 'Pass either the address or --key.',
    })
  if (address !== undefined) return async () => address
  const keyId = key ?? io.env.AWS_KMS_KEY_ID
  if (keyId !== undefined && keyId !== '')
    return () => readKeyAddress(io, keyId)
  throw new InputError('No account was given.', {
    details: 'Pass an address or --key, or set AWS_KMS_KEY_ID.',
  })
}
