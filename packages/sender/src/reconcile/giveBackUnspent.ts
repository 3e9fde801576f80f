import type { Attempt } from '../ledger/Attempt.js'
import type { Run } from './Run.js'

/** What a policy counted for a nonce is not spent: this is final in its place. */
export async function giveBackUnspent(
  { context, deadline }: Run,
  { purpose, nonce, ...attempt }: Attempt,
  caller: string | undefined,
): Promise<void> {
  const { guard, account } = context
  if (purpose === 'request' || guard?.release === undefined) return
  const { gas, value, data, maxFeePerGas, maxPriorityFeePerGas } = attempt
  const transaction = {
    type: 'eip1559',
    ...{ chainId: account.chainId, to: account.address },
    ...{ nonce, gas, value, data, maxFeePerGas, maxPriorityFeePerGas },
    accessList: [],
  } as const
  const mined = {
    request: { kind: 'transaction', transaction },
    caller,
  } as const
  await guard.release(account.address, mined, { deadline })
}
