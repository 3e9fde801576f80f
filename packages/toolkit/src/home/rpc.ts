import { setTimeout as pause } from 'node:timers/promises'
import { BaseError } from '@keyward/core/errors'

/** Calls a JSON-RPC node once. @throws ChainError */
export async function rpc<result>(
  url: string,
  method: string,
  params: readonly unknown[] = [],
): Promise<result> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    signal: AbortSignal.timeout(10_000),
  }).catch((cause: unknown) => {
    throw new ChainError(`The chain did not answer ${method}.`, { cause })
  })
  const answer = (await response.json()) as {
    result?: result
    error?: { message?: string }
  }
  if (answer.error !== undefined)
    throw new ChainError(`The chain refused ${method}.`, {
      details: answer.error.message ?? `HTTP status ${response.status}.`,
    })
  return answer.result as result
}

export type Receipt = {
  status: string
  blockNumber: string
  gasUsed: string
  from: string
}

/** Polls for a transaction's receipt. @throws ChainError after 30 s */
export async function waitForReceipt(
  url: string,
  hash: string,
): Promise<Receipt> {
  const end = Date.now() + 30_000
  for (;;) {
    const receipt = await rpc<Receipt | null>(
      url,
      'eth_getTransactionReceipt',
      [hash],
    )
    if (receipt !== null) return receipt
    if (Date.now() > end)
      throw new ChainError(`Transaction ${hash} was not mined in 30 seconds.`)
    await pause(25)
  }
}

export class ChainError extends BaseError {
  override readonly name = 'ChainError'

  constructor(
    shortMessage: string,
    options: { details?: string; cause?: unknown } = {},
  ) {
    super('chain-failed', shortMessage, options)
  }
}
