import { TypedData, TypedDataRequest } from '@keyward/core'
import { parseJson, readInput, sourceName } from '../../input/readInput.js'
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
    parseJson(await readInput(terminal, request.in), sourceName(request.in)),
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
