import {
  type Hex,
  Message,
  type SigningRequest,
  TypedData,
} from '@keyward/core'
import { assertHashable } from './message/assertHashable.js'
import { hashTypedData, type SafeDomain } from './SafeTransaction.js'

/** The message signed in the Safe's name: a text (EIP-191) or typed data. */
export type Preimage =
  | { readonly message: Message.Message }
  | { readonly typedData: TypedData.TypedData }

/**
 * The hash that owners sign, and its parts for comparison on a second screen.
 */
export type Hashes = {
  /** Hash of the message itself, which contracts pass to `isValidSignature`. */
  preimage: Hex
  /** Hash of the Safe and its chain. */
  domain: Hex
  /** Hash of the message's only field, which is the preimage's hash. */
  message: Hex
  /** Hash of both. Owners sign it. */
  safeMessage: Hex
}

/**
 * The typed data that owners sign for a message of the Safe (EIP-1271). It is
 * always built from a known message, never from a given hash.
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

/** @throws TooManyValuesError, InvalidTypedDataError */
export function hash(domain: SafeDomain, preimage: Preimage): Hashes {
  const hashes = hashTypedData(toTypedData(domain, preimage))
  return {
    preimage: hashPreimage(preimage),
    domain: hashes.domain,
    message: hashes.message,
    safeMessage: hashes.whole,
  }
}

/** The message alone, in the form of a key's signing request. */
export function toRequest(preimage: Preimage): SigningRequest {
  return 'message' in preimage
    ? { kind: 'message', message: preimage.message }
    : { kind: 'typedData', typedData: preimage.typedData }
}

/** Hash of the message alone. @throws TooManyValuesError, InvalidTypedDataError */
export function hashPreimage(preimage: Preimage): Hex {
  if ('message' in preimage) return Message.getSignPayload(preimage.message)
  assertHashable(preimage.typedData)
  return TypedData.getSignPayload(preimage.typedData)
}
