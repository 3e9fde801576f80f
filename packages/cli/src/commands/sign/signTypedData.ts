import { TypedData, TypedDataRequest } from '@keyward/core'
import { readJson } from '@keyward/toolkit'
import type { Result } from '../../output/Result.js'
import type { Terminal } from '../../terminal/Terminal.js'
import { signatureText } from './signatureText.js'
import type { SignRequest } from './signInputs.js'
import { withSigningKey } from './withSigningKey.js'

/** Signs EIP-712 typed data. */
export async function signTypedData(
  terminal: Terminal,
  request: SignRequest,
): Promise<Result<{ signature: string; address: string }>> {
  const typedData = TypedDataRequest.fromJson(
    await readJson(terminal, request.in),
  )
  const data = await withSigningKey(
    terminal,
    request,
    `typed data ${typedData.primaryType}`,
    async (key) => ({
      signature: await TypedData.sign(key, typedData),
      address: await key.getAddress(),
    }),
  )
  return { data, text: signatureText(data) }
}
