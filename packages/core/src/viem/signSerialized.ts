import { serializeTransaction, type TransactionSerializable } from 'viem'
import { encodedRequest } from '../digest/encodedRequest.js'
import * as NetworkData from '../networks/NetworkData.js'
import * as Signature from '../Signature.js'
import type { SigningKey } from '../SigningKey.js'
import { decode } from '../transaction/decode.js'
import { InvalidTransactionError } from '../transaction/InvalidTransactionError.js'
import { type Form, inForm } from '../transaction/SidecarForm.js'
import { encode } from '../transaction/serialize.js'
import type { Unsigned } from '../transaction/Unsigned.js'

type Serialize = typeof serializeTransaction

/**
 * Signs the output of viem's serializer or of a chain's own serializer. It
 * decodes the bytes and signs the transaction that they encode.
 *
 * @throws InvalidTransactionError, and any error from `key.sign`
 */
export async function signSerialized(
  key: SigningKey,
  given: TransactionSerializable,
  {
    serialize = serializeTransaction,
    sidecar,
  }: {
    serialize?: Serialize | undefined
    /** The sidecar form, to override the network table. */
    sidecar?: Form | undefined
  } = {},
): Promise<Awaited<ReturnType<Serialize>>> {
  const { transaction, sidecars } = splitSidecars(given)
  const request = encodedRequest(await serialize(transaction))
  if (request.kind === 'transaction' && request.transaction.type === 'eip4844')
    putInForm(request.transaction, sidecars, sidecar)
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
      'its serializer encodes a different transaction with the signature than without it',
    )
  return raw as Awaited<ReturnType<Serialize>>
}

/** Blobs are sent in the form that the network accepts, or not at all. */
function putInForm(
  transaction: Extract<Unsigned, { type: 'eip4844' }>,
  given: object | undefined,
  form: Form | undefined,
): void {
  const came = given ?? transaction.sidecars
  if (came === undefined) return
  const taken = form ?? NetworkData.get(transaction.chainId).sidecar
  Object.assign(transaction, { sidecars: inForm(came, taken) })
}

/**
 * viem expects a list of blobs and would turn core's object into empty lists.
 */
function splitSidecars(given: TransactionSerializable): {
  transaction: TransactionSerializable
  sidecars?: object
} {
  const { sidecars } = given as { sidecars?: unknown }
  if (typeof sidecars !== 'object' || !sidecars || Array.isArray(sidecars))
    return { transaction: given }
  return {
    transaction: { ...given, sidecars: false } as TransactionSerializable,
    sidecars,
  }
}
