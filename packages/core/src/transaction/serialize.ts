import * as Hash from 'ox/Hash'
import type * as Hex from 'ox/Hex'
import * as Eip1559 from 'ox/TxEnvelopeEip1559'
import * as Eip2930 from 'ox/TxEnvelopeEip2930'
import * as Eip4844 from 'ox/TxEnvelopeEip4844'
import * as Eip7702 from 'ox/TxEnvelopeEip7702'
import * as Legacy from 'ox/TxEnvelopeLegacy'
import { BaseError } from '../errors/BaseError.js'
import * as Signature from '../Signature.js'
import type { Unsigned } from './Unsigned.js'

/** EIP-155's v, 2 x chain id + 36, must be an exact number. */
export const maxLegacyChainId = 4_503_599_627_370_477

/** The 32 bytes that are signed, as hex. @throws InvalidTransactionError */
export function getSignPayload(transaction: Unsigned): Hex.Hex {
  return Hash.keccak256(serialize(withoutBlobs(transaction)), { as: 'Hex' })
}

/** The hash that names a signed transaction on the chain. */
export function hash(
  transaction: Unsigned,
  signature: Signature.Recovered,
): Hex.Hex {
  const raw = serialize(withoutBlobs(transaction), signature)
  return Hash.keccak256(raw, { as: 'Hex' })
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
  assert(transaction)
  const options =
    signature === undefined ? {} : { signature: Signature.toRpc(signature) }
  try {
    // ox keeps the case of a checksummed address in its hex.
    return serializers[transaction.type](
      transaction as never,
      options,
    ).toLowerCase() as Hex.Hex
  } catch (error) {
    throw new InvalidTransactionError(explain(error))
  }
}

// Only the kind of ox's error is told: its text quotes values, and people
// paste keys into the wrong field.
const reasons: Record<string, string> = {
  'Address.InvalidAddressError': 'an address is none',
  'TransactionEnvelope.FeeCapTooHighError': 'maxFeePerGas is above 2^256-1',
  'TransactionEnvelope.GasPriceTooHighError': 'gasPrice is above 2^256-1',
  'TransactionEnvelope.TipAboveFeeCapError':
    'maxPriorityFeePerGas is above maxFeePerGas',
  'TxEnvelopeEip4844.EmptyBlobVersionedHashesError':
    'there are no blobVersionedHashes',
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

// The signed body of a type 3 transaction does not hold its blobs.
function withoutBlobs(transaction: Unsigned): Unsigned {
  if (transaction.type !== 'eip4844') return transaction
  const { sidecars: _, ...body } = transaction
  return body
}

function assert(transaction: Unsigned): void {
  const { type, chainId } = transaction
  if (!(type in serializers))
    throw new InvalidTransactionError(`type ${String(type)} is unknown`)
  if (!Number.isSafeInteger(chainId) || chainId < 1)
    throw new InvalidTransactionError(
      `chain id ${chainId} is not in 1..${Number.MAX_SAFE_INTEGER}`,
    )
  if (type === 'legacy' && chainId > maxLegacyChainId)
    throw new InvalidTransactionError(
      `chain id ${chainId} is above ${maxLegacyChainId}, the largest a legacy transaction can hold; use type eip1559`,
    )
  if (transaction.nonce < 0n || transaction.nonce >= maxNonce)
    throw new InvalidTransactionError(
      `nonce ${transaction.nonce} is not in 0..2^64-2 (EIP-2681)`,
    )
  if (transaction.gas < 0n || transaction.value < 0n)
    throw new InvalidTransactionError('gas or value is negative')
}

const maxNonce = 2n ** 64n - 1n

/** The fields do not make a transaction. Nothing was signed. */
export class InvalidTransactionError extends BaseError {
  constructor(reason: string) {
    super('invalid-transaction', `Not a transaction: ${reason}.`)
    this.name = 'InvalidTransactionError'
  }
}
