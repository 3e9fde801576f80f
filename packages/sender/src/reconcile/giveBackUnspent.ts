import type { Attempt } from '../ledger/Attempt.js'
import { toSigned } from '../transaction/toSigned.js'
import type { Run } from './Run.js'

/** What a policy counted for a nonce is not spent: this is final in its place. */
export async function giveBackUnspent(
  { context, deadline }: Run,
  attempt: Attempt,
  caller: string | undefined,
): Promise<void> {
  const { guard, account } = context
  if (attempt.purpose === 'request') return
  const mined = { request: toSigned(attempt, account), caller }
  await guard?.release?.(account.address, mined, { deadline })
}
