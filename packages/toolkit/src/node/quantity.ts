import { BaseError } from '@keyward/core/errors'

/** Reads a number from a JSON-RPC answer. @throws RpcAnswerError */
export function quantity(value: unknown, method: string): bigint {
  if (typeof value === 'string' && /^0x[0-9a-fA-F]{1,64}$/.test(value))
    return BigInt(value)
  throw new RpcAnswerError(method)
}

/** A node's answer is not a number. */
export class RpcAnswerError extends BaseError {
  override readonly name = 'RpcAnswerError'

  constructor(method: string) {
    super('rpc-response', `The node's response to ${method} is not a number.`, {
      details: 'Check that the URL belongs to a JSON-RPC endpoint.',
    })
  }
}
