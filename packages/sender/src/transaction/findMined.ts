import type { Receipt } from '../chain/results.js'
import type { Attempt } from '../ledger/Attempt.js'
import type { NonceRecord } from '../ledger/NonceRecord.js'
import type { Context } from './Context.js'

export type Found = { attempt: Attempt; receipt: Receipt }

/** The attempt that is in a block. */
export async function findMined(
  { chain }: Context,
  { attempts }: Pick<NonceRecord, 'attempts'>,
  deadline: number,
): Promise<Found | undefined> {
  for (const attempt of [...attempts].reverse()) {
    const receipt = await chain.getReceipt(attempt.hash, { deadline })
    if (receipt !== undefined) return { attempt, receipt }
  }
  return undefined
}
