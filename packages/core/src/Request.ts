import * as Hex from 'ox/Hex'
import type * as Authorization from './authorization/getSignPayload.js'
import { type DigestRequest, isMade } from './digest/DigestRequest.js'
import type * as Message from './message/getSignPayload.js'
import { InvalidRequestError } from './parse/Problems.js'
import * as Quote from './parse/Quote.js'
import type { Unsigned } from './transaction/Unsigned.js'
import type * as TypedData from './typedData/getSignPayload.js'

/** The requests that a key can sign. */
export type SigningRequest =
  | { readonly kind: 'transaction'; readonly transaction: Unsigned }
  | { readonly kind: 'message'; readonly message: Message.Message }
  | { readonly kind: 'typedData'; readonly typedData: TypedData.TypedData }
  | {
      readonly kind: 'authorization'
      readonly authorization: Authorization.Authorization
    }
  | DigestRequest

const kinds = ['transaction', 'message', 'typedData', 'authorization'] as const

/** Deeper than any typed data that `TypedDataRequest` accepts. */
const maxDepth = 100

/**
 * A deep, frozen copy with bytes as hex. The policy, the signature and the
 * result all use this same copy.
 *
 * @throws InvalidRequestError for an invalid request
 */
export function copy<request extends SigningRequest>(given: request): request {
  // A request made by `Digest.from` is already frozen and contains only
  // strings.
  if (isMade(given)) return given
  const { kind } = given
  if (!kinds.includes(kind)) throw refuseKind(kind)
  const fields = given as Readonly<Record<string, unknown>>
  if (fields[kind] == null) throw refuse(kind, 'is missing')
  return Object.freeze({ kind, [kind]: freeze(fields[kind], 0) }) as request
}

function freeze(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Uint8Array) return Hex.fromBytes(value)
  if (depth > maxDepth) throw refuse('', 'is nested too deeply')
  if (Array.isArray(value))
    return Object.freeze(Array.from(value, (item) => freeze(item, depth + 1)))
  const entries = Object.entries(value)
  for (const entry of entries) entry[1] = freeze(entry[1], depth + 1)
  return Object.freeze(Object.fromEntries(entries))
}

/**
 * The error for a kind that is unknown or that this key does not sign.
 *
 * @param allowed - The kinds that the key signs.
 */
export function refuseKind(
  kind: unknown,
  allowed = 'transaction, message, typedData or authorization',
): Error {
  return refuse(
    'kind',
    kind === 'digest'
      ? 'is "digest", so the request must come from Digest.from (@keyward/core/digest)'
      : `${kind === undefined ? 'is missing' : `got ${Quote.value(kind)}`}; allowed: ${allowed}`,
  )
}

function refuse(path: string, problem: string): Error {
  return new InvalidRequestError('signing request', [{ path, problem }], 1)
}
