import {
  type Hex,
  Message,
  type SigningRequest,
  TypedData,
} from '@keyward/core'
import { hashTypedData, type SafeDomain } from './SafeTransaction.js'

/** What is signed in the name of the Safe: a text (EIP-191), or typed data. */
export type Preimage =
  | { readonly message: Message.Message }
  | { readonly typedData: TypedData.TypedData }

/** What the owners sign, and its parts to compare on a second screen. */
export type Hashes = {
  /** Of the message itself: what contracts hand to `isValidSignature`. */
  preimage: Hex
  /** Of the Safe and its chain. */
  domain: Hex
  /** Of the preimage's hash, as a field. */
  message: Hex
  /** Of both: what owners sign. */
  safeMessage: Hex
}

/**
 * What owners sign for a message of the Safe itself (EIP-1271): always of a
 * message that is known, never of a hash that somebody names.
 */
export function toTypedData(
  { chainId, safe }: SafeDomain,
  preimage: Preimage,
): TypedData.TypedData {
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
    message: { message: hashPreimage(preimage) },
  }
}

/** @throws InvalidTypedDataError */
export function hash(domain: SafeDomain, preimage: Preimage): Hashes {
  const hashes = hashTypedData(toTypedData(domain, preimage))
  return {
    preimage: hashPreimage(preimage),
    domain: hashes.domain,
    message: hashes.message,
    safeMessage: hashes.whole,
  }
}

/** The message alone, as a key could be asked for it. */
export function toRequest(preimage: Preimage): SigningRequest {
  return 'message' in preimage
    ? { kind: 'message', message: preimage.message }
    : { kind: 'typedData', typedData: preimage.typedData }
}

/** Of the message alone. @throws InvalidTypedDataError */
export function hashPreimage(preimage: Preimage): Hex {
  return 'message' in preimage
    ? Message.getSignPayload(preimage.message)
    : TypedData.getSignPayload(preimage.typedData)
}
