import * as Hash from 'ox/Hash'
import type * as Hex from 'ox/Hex'
import * as Eip1559 from 'ox/TxEnvelopeEip1559'
import * as Eip2930 from 'ox/TxEnvelopeEip2930'
import * as Eip4844 from 'ox/TxEnvelopeEip4844'
import * as Eip7702 from 'ox/TxEnvelopeEip7702'
import * as Legacy from 'ox/TxEnvelopeLegacy'
import * as Signature from '../Signature.js'
import { assertTransaction } from './assertTransaction.js'
import { InvalidTransactionError } from './InvalidTransactionError.js'
import * as Sidecars from './Sidecars.js'
import type { Unsigned } from './Unsigned.js'

/** The 32 bytes to sign, as hex. @throws InvalidTransactionError */
export function getSignPayload(transaction: Unsigned): Hex.Hex {
  assertTransaction(transaction)
  return Hash.keccak256(encodeBody(transaction), { as: 'Hex' })
}

/** The hash that identifies a signed transaction on the chain. */
export function hash(
  transaction: Unsigned,
  signature: Signature.Recovered,
): Hex.Hex {
  assertTransaction(transaction)
  return Hash.keccak256(encodeBody(transaction, signature), { as: 'Hex' })
}

/**
 * The bytes of a transaction, in lower case.
 *
 * @throws InvalidTransactionError
 */
export function serialize(
  transaction: Unsigned,
  signature?: Signature.Recovered,
): Hex.Hex {
  assertTransaction(transaction)
  return addSidecars(encodeBody(transaction, signature), transaction)
}

/**
 * The bytes and hash of a transaction that was checked before it was signed.
 */
export function encode(
  transaction: Unsigned,
  signature: Signature.Recovered,
): { raw: Hex.Hex; hash: Hex.Hex } {
  const body = encodeBody(transaction, signature)
  return {
    raw: addSidecars(body, transaction),
    hash: Hash.keccak256(body, { as: 'Hex' }),
  }
}

// The signed body of a type 3 transaction doesn't contain its blobs.
function addSidecars(body: Hex.Hex, transaction: Unsigned): Hex.Hex {
  const { sidecars } = transaction as { sidecars?: Sidecars.Sidecars }
  if (transaction.type !== 'eip4844' || sidecars === undefined) return body
  return Sidecars.wrap(body, sidecars).toLowerCase() as Hex.Hex
}

function encodeBody(
  transaction: Unsigned,
  signature?: Signature.Recovered,
): Hex.Hex {
  try {
    const options =
      signature === undefined ? {} : { signature: Signature.toRpc(signature) }
    if (transaction.type === 'legacy' && options.signature !== undefined)
      return serializeLegacy(transaction, options.signature)
    const body =
      transaction.type === 'eip4844'
        ? { ...transaction, sidecars: undefined }
        : transaction
    // ox keeps the case of a checksummed address in its hex.
    return serializers[transaction.type](
      body as never,
      options,
    ).toLowerCase() as Hex.Hex
  } catch (error) {
    throw new InvalidTransactionError(explain(error))
  }
}

// From yParity, ox computes v with rounded numbers, which is wrong for chain
// ids above 4,503,599,627,370,464. If v is given, ox uses it as is.
function serializeLegacy(
  transaction: Unsigned & { type: 'legacy' },
  { r, s, yParity }: ReturnType<typeof Signature.toRpc>,
): Hex.Hex {
  const v = transaction.chainId * 2 + 35 + yParity
  return Legacy.serialize({
    ...transaction,
    r,
    s,
    v,
    yParity,
  }).toLowerCase() as Hex.Hex
}

// Report only the kind of ox's error: its text quotes values, and people paste
// keys into the wrong field.
const reasons: Record<string, string> = {
  'TransactionEnvelope.TipAboveFeeCapError':
    'maxPriorityFeePerGas is above maxFeePerGas',
}

function explain(error: unknown): string {
  const name = error instanceof Error ? error.name : 'unknown'
  return reasons[name] ?? `a field cannot be encoded (${name})`
}

const serializers = {
  legacy: Legacy.serialize,
  eip2930: Eip2930.serialize,
  eip1559: Eip1559.serialize,
  eip4844: Eip4844.serialize,
  eip7702: Eip7702.serialize,
}
