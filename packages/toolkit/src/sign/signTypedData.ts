import { TypedData, TypedDataRequest } from '@keyward/core'
import type { Io } from '../Io.js'
import { readJson } from '../readInput.js'
import type { Signature, SignRequest } from './signMessage.js'
import { withSigningKey } from './withSigningKey.js'

/** Signs EIP-712 typed data. */
export async function signTypedData(
  io: Io,
  request: SignRequest,
): Promise<Signature> {
  const typedData = TypedDataRequest.fromJson(await readJson(io, request.in))
  return withSigningKey(
    io,
    request,
    `typed data ${typedData.primaryType}`,
    async (key) => ({
      signature: await TypedData.sign(key, typedData),
      address: await key.getAddress(),
    }),
  )
}
