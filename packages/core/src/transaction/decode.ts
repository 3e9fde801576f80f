import type { Address } from 'ox/Address'
import * as Hex from 'ox/Hex'
import * as Envelope from 'ox/TxEnvelope'
import * as PublicKey from '../PublicKey.js'
import { loadEngine, recoverPublicKey } from '../recoverPublicKey.js'
import * as Signature from '../Signature.js'
import {
  getSignPayload,
  hash,
  InvalidTransactionError,
  serialize,
} from './serialize.js'
import type { Unsigned } from './Unsigned.js'

/**
 * Reads signed bytes back: the fields, the hash and the account that signed.
 *
 * Only what is valid on a chain today passes: EIP-155 for legacy ones, a low
 * s (EIP-2), the one canonical encoding.
 *
 * @param raw - As for `eth_sendRawTransaction`.
 * @throws InvalidTransactionError
 */
export async function decode(raw: Hex.Hex): Promise<decode.ReturnType> {
  const { r, s, yParity, v: _, ...fields } = deserialize(raw)
  if (r === undefined || s === undefined || yParity === undefined)
    throw new InvalidTransactionError('it is not signed')
  const transaction = complete(fields)
  const signature = {
    r: Hex.toBigInt(r),
    s: Hex.toBigInt(s),
    yParity: yParity === 0 ? 0 : 1,
  } as const
  if (Signature.toLowS(signature).s !== signature.s)
    throw new InvalidTransactionError('its s is in the upper half (EIP-2)')
  if (serialize(transaction, signature) !== raw.toLowerCase())
    throw new InvalidTransactionError('its encoding is not the canonical one')
  const digest = Hex.toBytes(getSignPayload(transaction))
  const publicKey = recoverPublicKey(await loadEngine(), digest, signature)
  if (publicKey === undefined)
    throw new InvalidTransactionError('its signature belongs to no key')
  return {
    transaction,
    signature,
    hash: hash(transaction, signature),
    from: PublicKey.toAddress(publicKey),
  }
}

export declare namespace decode {
  type ReturnType = {
    transaction: Unsigned
    signature: Signature.Recovered
    hash: Hex.Hex
    from: Address
  }
}

// TxEnvelope's own union holds frame transactions (EIP-8141), which have no
// signature of this kind and are not decoded here.
type SignedEnvelope = { type: string } & {
  r?: Hex.Hex
  s?: Hex.Hex
  yParity?: number
  v?: number
}

function deserialize(raw: Hex.Hex): SignedEnvelope {
  try {
    return Envelope.deserialize(raw) as SignedEnvelope
  } catch (error) {
    // ox quotes the whole input in its message; a signed payload is money.
    throw new InvalidTransactionError('its bytes cannot be decoded', error)
  }
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
