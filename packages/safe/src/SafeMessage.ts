import { type Hex, Message, TypedData } from '@keyward/core'
import type { SafeDomain } from './SafeTransaction.js'

/**
 * What owners sign for a message of the Safe itself (EIP-1271): always of a
 * message that is known, never of a hash that somebody names.
 */
export function toTypedData(
  { chainId, safe }: SafeDomain,
  preimage: { message: string } | { typedData: TypedData.TypedData },
): TypedData.TypedData {
  const digest: Hex =
    'message' in preimage
      ? Message.getSignPayload(preimage.message)
      : TypedData.getSignPayload(preimage.typedData)
  return {
    domain: { chainId, verifyingContract: safe },
    types: {
      EIP712Domain: [
        { name: 'chainId', type: 'uint256' },
        { name: 'verifyingContract', type: 'address' },
      ],
      SafeMessage: [{ name: 'message', type: 'bytes' }],
    },
    primaryType: 'SafeMessage',
    message: { message: digest },
  }
}
