import type { Address } from 'ox/Address'
import * as Hex from 'ox/Hex'
import * as Eip1559 from 'ox/TxEnvelopeEip1559'
import * as Eip2930 from 'ox/TxEnvelopeEip2930'
import * as Eip4844 from 'ox/TxEnvelopeEip4844'
import * as Eip7702 from 'ox/TxEnvelopeEip7702'
import * as Legacy from 'ox/TxEnvelopeLegacy'
import * as PublicKey from '../PublicKey.js'
import { loadEngine, recoverPublicKey } from '../recoverPublicKey.js'
import * as Signature from '../Signature.js'
import { InvalidTransactionError } from './InvalidTransactionError.js'
import * as Sidecars from './Sidecars.js'
import { encode, getSignPayload, serialize } from './serialize.js'
import type { Unsigned } from './Unsigned.js'

/**
 * Decodes a signed transaction: its fields, its hash and the signing account.
 *
 * It accepts only transactions that are valid on today's chains: EIP-155 for
 * legacy ones, a low s (EIP-2), and the canonical encoding.
 *
 * @param raw - As for `eth_sendRawTransaction`, with or without blobs.
 * @throws InvalidTransactionError
 */
export async function decode(raw: Hex.Hex): Promise<decode.ReturnType> {
  const { transaction, signature } = read(raw)
  if (signature === undefined)
    throw new InvalidTransactionError('it is not signed')
  const digest = Hex.toBytes(getSignPayload(transaction))
  const publicKey = recoverPublicKey(await loadEngine(), digest, signature)
  if (publicKey === undefined)
    throw new InvalidTransactionError(
      'its signature does not belong to any key',
    )
  return {
    transaction,
    signature,
    hash: encode(transaction, signature).hash,
    from: PublicKey.toAddress(publicKey),
  }
}

/**
 * Decodes an unsigned transaction as other libraries serialise it: the bytes
 * whose hash is signed.
 *
 * @param unsigned - With or without blobs.
 * @throws InvalidTransactionError
 */
export function decodeUnsigned(unsigned: Hex.Hex): Unsigned {
  const { transaction, signature } = read(unsigned)
  if (signature !== undefined)
    throw new InvalidTransactionError('it is already signed')
  return transaction
}

function read(raw: Hex.Hex): {
  transaction: Unsigned
  signature: Signature.Recovered | undefined
} {
  const { r, s, yParity, v: _, ...fields } = deserialize(raw)
  const transaction = complete(fields)
  if (transaction.chainId === undefined)
    throw new InvalidTransactionError(
      'it has no chain id, so it is valid on every chain; sign it again with a chain id (EIP-155)',
    )
  const signature =
    r === undefined || s === undefined || yParity === undefined
      ? undefined
      : ({
          r: toBigInt(r),
          s: toBigInt(s),
          yParity: yParity === 0 ? 0 : 1,
        } as const)
  if (signature && Signature.toLowS(signature).s !== signature.s)
    throw new InvalidTransactionError(
      'the s value of its signature is in the upper half of the range (EIP-2)',
    )
  if (serialize(transaction, signature) !== raw.toLowerCase())
    throw new InvalidTransactionError('its encoding is not canonical')
  return { transaction, signature }
}

export declare namespace decode {
  type ReturnType = {
    transaction: Unsigned
    signature: Signature.Recovered
    hash: Hex.Hex
    from: Address
  }
}

type SignedEnvelope = { type: string } & {
  r?: Hex.Hex
  s?: Hex.Hex
  yParity?: number
  v?: number
}

// ox's TxEnvelope.deserialize is not used, because it includes types that are
// never signed here.
const deserializers: Record<string, (raw: never) => object> = {
  '0x01': Eip2930.deserialize,
  '0x02': Eip1559.deserialize,
  '0x03': deserializeBlobs,
  '0x04': Eip7702.deserialize,
}

function deserialize(raw: Hex.Hex): SignedEnvelope {
  // Legacy transactions are RLP lists, which start with 0xc0 or above.
  const legacy = /^0x[c-f]/i.test(raw) ? Legacy.deserialize : undefined
  const decode = deserializers[raw.slice(0, 4)] ?? legacy
  if (decode === undefined)
    throw new InvalidTransactionError('its type is not 0, 1, 2, 3 or 4')
  try {
    return decode(raw as never) as SignedEnvelope
  } catch (error) {
    if (error instanceof InvalidTransactionError) throw error
    // ox's message quotes the whole input, and a signed payload is worth money.
    throw new InvalidTransactionError('its bytes cannot be decoded')
  }
}

// ox supports only one of the two sidecar forms.
function deserializeBlobs(raw: Hex.Hex): object {
  const { body, sidecars } = Sidecars.unwrap(raw)
  const envelope = Eip4844.deserialize(body as never)
  return sidecars === undefined ? envelope : { ...envelope, sidecars }
}

// In RLP, zero has no digits.
function toBigInt(hex: Hex.Hex): bigint {
  return hex === '0x' ? 0n : Hex.toBigInt(hex)
}

/** Fields that RLP leaves empty are zero, not unknown. */
function complete(fields: object): Unsigned {
  const { type, ...given } = fields as { type: Unsigned['type'] }
  const fees =
    type === 'legacy' || type === 'eip2930'
      ? { gasPrice: 0n }
      : { maxFeePerGas: 0n, maxPriorityFeePerGas: 0n }
  const lists = type === 'legacy' ? {} : { accessList: [] }
  const blobs = type === 'eip4844' ? { maxFeePerBlobGas: 0n } : {}
  const zero = { nonce: 0n, gas: 0n, value: 0n, data: '0x' }
  return {
    type,
    ...zero,
    ...fees,
    ...lists,
    ...blobs,
    ...given,
  } as unknown as Unsigned
}
