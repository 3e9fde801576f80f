import * as Hash from 'ox/Hash'
import * as Hex from 'ox/Hex'
import { BaseError } from '../errors/BaseError.js'
import { InvalidTransactionError } from '../transaction/InvalidTransactionError.js'

declare const made: unique symbol

/** 32 bytes whose meaning is unknown. A policy should normally refuse them. */
export type DigestRequest = {
  readonly kind: 'digest'
  readonly digest: Hex.Hex
  /**
   * The bytes that were hashed (keccak256), if known; they can't be decoded.
   */
  readonly bytes?: Hex.Hex
  /** Only this module's functions can create it. */
  readonly [made]: true
}

// Tracks the requests made here, so neither JSON nor a lookalike object is
// accepted.
const known = new WeakSet<object>()

/** Whether this module made it. */
export function isMade(request: object): request is DigestRequest {
  return known.has(request)
}

/**
 * A request to sign 32 bytes as is. Anyone who controls these bytes can get a
 * signature for anything, including transactions, so never take them from
 * outside.
 *
 * @param digest - 32 bytes, raw or as hex.
 * @throws InvalidDigestError
 * @example
 * await key.sign(Digest.from(digest))
 */
export function from(digest: Hex.Hex | Uint8Array): DigestRequest {
  return make({ digest: toWord(digest) })
}

/**
 * A request to sign a transaction of a non-Ethereum type (EIP-2718), as a
 * chain's own serializer creates it. A policy sees the bytes.
 *
 * @throws InvalidTransactionError for a type that `Transaction` can read, and
 * for bytes that would be a message, typed data or an authorisation
 */
export function fromTransaction(bytes: Hex.Hex): DigestRequest {
  const kind = /^0x[0-9a-f]{2}/i.test(bytes)
    ? Number(bytes.slice(0, 4))
    : undefined
  if (kind === undefined || kind < 0x06 || kind > 0x7f || kind === 0x19)
    throw new InvalidTransactionError(
      `its type is ${kind ?? 'missing'}; allowed: 6 to 127, except 25`,
      'chain-specific transaction',
    )
  return make({ digest: Hash.keccak256(bytes, { as: 'Hex' }), bytes })
}

function make(fields: Pick<DigestRequest, 'digest' | 'bytes'>): DigestRequest {
  const request = Object.freeze({ kind: 'digest', ...fields }) as DigestRequest
  known.add(request)
  return request
}

function toWord(digest: Hex.Hex | Uint8Array): Hex.Hex {
  if (typeof digest === 'string') {
    if (/^0x[0-9a-fA-F]{64}$/.test(digest))
      return digest.toLowerCase() as Hex.Hex
    const isHex = /^0x[0-9a-fA-F]*$/.test(digest)
    throw new InvalidDigestError(
      isHex ? Math.ceil((digest.length - 2) / 2) : undefined,
    )
  }
  if (digest.length !== 32) throw new InvalidDigestError(digest.length)
  return Hex.fromBytes(digest)
}

/** Only 32-byte digests can be signed. */
export class InvalidDigestError extends BaseError {
  /** @param length - In bytes; undefined for text that is not hex. */
  constructor(length: number | undefined) {
    const what = length === undefined ? 'is not hex' : `has ${length}`
    super(
      'invalid-digest',
      `A digest has 32 bytes, but this one ${what}. Hash the message first.`,
    )
    this.name = 'InvalidDigestError'
  }
}
