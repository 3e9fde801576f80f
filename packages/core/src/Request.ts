import * as Hex from 'ox/Hex'
import * as Authorization from './authorization/getSignPayload.js'
import { type DigestRequest, isMade } from './digest/DigestRequest.js'
import * as Message from './message/getSignPayload.js'
import { InvalidRequestError } from './parse/Problems.js'
import { assertNetworkLimits } from './transaction/assertNetworkLimits.js'
import * as Transaction from './transaction/serialize.js'
import type { Unsigned } from './transaction/Unsigned.js'
import * as TypedData from './typedData/getSignPayload.js'

/** What a key can be asked to sign. */
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

/** Deeper than any typed data that `TypedDataRequest` reads. */
const maxDepth = 100

/**
 * A deep copy that nobody can change, bytes as hex. What is decided upon, what
 * is signed and what is handed out is read from the same copy.
 *
 * @throws InvalidRequestError for what is no request
 */
export function copy<request extends SigningRequest>(given: request): request {
  // Made frozen, of strings.
  if (isMade(given)) return given
  const { kind } = given
  if (!kinds.includes(kind)) throw refuseKind(kind)
  const fields = given as Readonly<Record<string, unknown>>
  if (fields[kind] == null) throw refuse(kind, 'is missing')
  return Object.freeze({ kind, [kind]: freeze(fields[kind], 0) }) as request
}

/** The 32 bytes that are signed. @throws what the kind's getSignPayload throws */
export function toDigest(request: SigningRequest): Hex.Hex {
  switch (request.kind) {
    case 'transaction':
      return toPayload(request.transaction)
    case 'message':
      return Message.getSignPayload(request.message)
    case 'typedData':
      return TypedData.getSignPayload(request.typedData)
    case 'authorization':
      return Authorization.getSignPayload(request.authorization)
    case 'digest':
      return request.digest
  }
}

function toPayload(transaction: Unsigned): Hex.Hex {
  const payload = Transaction.getSignPayload(transaction)
  assertNetworkLimits(transaction)
  return payload
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

function refuseKind(kind: unknown): Error {
  return refuse(
    'kind',
    kind === 'digest'
      ? 'is digest; allowed: what Digest.from of @keyward/core/digest makes'
      : `is unknown; allowed: ${kinds.join(', ')}`,
  )
}

function refuse(path: string, problem: string): Error {
  return new InvalidRequestError('signing request', [{ path, problem }], 1)
}
