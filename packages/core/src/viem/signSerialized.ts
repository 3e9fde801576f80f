import { serializeTransaction, type TransactionSerializable } from 'viem'
import { encodedRequest } from '../digest/encodedRequest.js'
import * as Signature from '../Signature.js'
import type { SigningKey } from '../SigningKey.js'
import { decode } from '../transaction/decode.js'
import { InvalidTransactionError } from '../transaction/InvalidTransactionError.js'
import type { Sidecars } from '../transaction/Sidecars.js'
import { encode } from '../transaction/serialize.js'

type Serialize = typeof serializeTransaction

/**
 * Signs what a serializer, viem's or a chain's own, makes of a transaction: its
 * bytes are read, and what they say is signed.
 *
 * @throws InvalidTransactionError, and what `key.sign` throws
 */
export async function signSerialized(
  key: SigningKey,
  given: TransactionSerializable,
  serialize: Serialize = serializeTransaction,
): Promise<Awaited<ReturnType<Serialize>>> {
  const { transaction, sidecars } = splitSidecars(given)
  const request = encodedRequest(await serialize(transaction))
  if (request.kind === 'transaction' && sidecars !== undefined)
    Object.assign(request.transaction, { sidecars })
  const signed = await key.sign(request)
  const { r, s, yParity } = Signature.toRpc(signed)
  const v = yParity === 0 ? 27n : 28n
  const again = () => serialize(transaction, { r, s, v, yParity })
  if (signed.request.kind === 'digest') return again()
  const { raw, hash } = encode(signed.request.transaction, signed)
  if (
    serialize !== serializeTransaction &&
    (await decode(await again())).hash !== hash
  )
    throw new InvalidTransactionError(
      'its serializer made other bytes with the signature than without',
    )
  return raw as Awaited<ReturnType<Serialize>>
}

/** viem has a list of blobs, and would put empty lists for core's object. */
function splitSidecars(given: TransactionSerializable): {
  transaction: TransactionSerializable
  sidecars?: Sidecars
} {
  const { sidecars } = given as { sidecars?: unknown }
  if (typeof sidecars !== 'object' || !sidecars || Array.isArray(sidecars))
    return { transaction: given }
  return {
    transaction: { ...given, sidecars: false } as TransactionSerializable,
    sidecars: sidecars as Sidecars,
  }
}
