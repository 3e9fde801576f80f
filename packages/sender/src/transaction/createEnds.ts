import { createNewest } from '../createNewest.js'
import type { Outline } from '../ledger/TransactionRecord.js'

/** Ends that this process has seen on the chain; keeps the newest thousand. */
export type Ends = {
  add(ended: Outline): void
  /** Whether the end was seen and its row has not changed since. */
  has(ended: Outline): boolean
}

const most = 1000

export function createEnds(): Ends {
  const ends = createNewest<string, string>(most)
  return {
    add: (ended) => ends.set(ended.id, toText(ended)),
    has: (ended) => ends.get(ended.id) === toText(ended),
  }
}

/** All facts that are reported about an end. */
function toText(ended: Outline): string {
  const { status, final, nonce, hash, reason } = ended
  const { blockNumber, blockHash, receiptStatus } = ended
  return JSON.stringify([
    ...[status, final, String(nonce), hash, reason?.code, reason?.text],
    ...[String(blockNumber), blockHash, receiptStatus],
  ])
}
