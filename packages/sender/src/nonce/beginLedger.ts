import { max } from '../bigints.js'
import type { Chain } from '../chain/createChain.js'
import { LedgerIncompleteError } from '../ledger/errors.js'
import type { HeadRecord } from '../ledger/HeadRecord.js'
import type { Ledger } from '../ledger/Ledger.js'
import type { Account } from '../ledger/TransactionRecord.js'
import { toCount } from '../toCount.js'
import { readCount, readHighest } from './readCount.js'

/** A count of more pending transactions than this is a node's mistake. */
const maxPending = 64n

export type Beginning = {
  ledger: Ledger
  chain: Chain
  account: Account
  confirmations: number
  newLedger?: bigint | 'any' | undefined
}

/**
 * Writes the head of an account that has none.
 *
 * @throws the errors of {@link findBeginning}
 */
export async function beginLedger(
  parameters: Beginning,
  deadline: number,
): Promise<HeadRecord> {
  const { ledger, account } = parameters
  const next = await findBeginning(parameters, deadline)
  await ledger.createHead(account, next, { deadline })
  const head = await ledger.getHead(account, { deadline })
  if (head === undefined)
    throw new Error(
      `The table "${ledger.tableName}" has a head for ${account.address} (the item that records the next nonce), but reading it returns nothing. Try again. If it fails again, find out who else writes to the table.`,
    )
  return head
}

/**
 * The nonce at which a ledger without a head begins. If the account has sent
 * before, its ledger may be lost, and unknown payments would be repeated. So
 * the caller must confirm the beginning by passing the account's current count.
 *
 * @throws LedgerIncompleteError, and the node's errors: without a node, nobody
 * knows whether the account has sent before
 */
export async function findBeginning(
  parameters: Beginning,
  deadline: number,
): Promise<bigint> {
  const { ledger, chain, account, newLedger } = parameters
  const { tableName } = ledger
  const { address } = account
  if (await hasRows(ledger, account, deadline))
    throw new LedgerIncompleteError(
      `the table "${tableName}" has rows for ${address} but no head (the item that records the next nonce)`,
      'To compare the rows with the chain and write a new head, run keyward tx repair.',
    )
  await chain.assertChain({ deadline })
  // On a chain where nothing has value, one node's answer is enough.
  const read = newLedger === 'any' ? readCount : readHighest
  const count = await read(chain, account, 'latest', deadline)
  if (count > 0n && newLedger !== 'any')
    await assertBeginning(parameters, count, deadline)
  // A lost ledger may have sent the pending transactions.
  const pending = await read(chain, account, 'pending', deadline)
  if (newLedger !== 'any') {
    const waiting = await countWaiting(parameters, { count, pending }, deadline)
    if (waiting > 0n)
      throw new LedgerIncompleteError(
        `the node's pool has ${toCount(waiting)} from ${address} that ${waiting === 1n ? 'is' : 'are'} not in the table "${tableName}"`,
        'A new ledger can be started once the pool no longer has transactions of the account. Wait until they are mined, or cancel them. If the node is wrong, use another node in RPC_URL.',
      )
  }
  return pending <= count + maxPending ? max(pending, count) : count
}

/** The count doesn't include transactions behind a gap. */
async function countWaiting(
  { chain, account }: { chain: Chain; account: Account },
  { count, pending }: { count: bigint; pending: bigint },
  deadline: number,
): Promise<bigint> {
  if (pending > count) return pending - count
  const pool = await chain.listPool(account.address, { deadline })
  const waiting = [...pool.keys()].filter((nonce) => nonce >= count)
  return BigInt(waiting.length)
}

async function hasRows(
  ledger: Ledger,
  account: Account,
  deadline: number,
): Promise<boolean> {
  const highest = await ledger.highestNonce(account, { deadline })
  return highest !== undefined
}

async function assertBeginning(
  parameters: Beginning,
  count: bigint,
  deadline: number,
): Promise<void> {
  const { ledger, chain, account, confirmations, newLedger } = parameters
  const { address } = account
  const what = `${address} has sent ${toCount(count)}, but the table "${ledger.tableName}" ${count === 1n ? 'does not have it' : 'has none of them'}`
  if (newLedger === undefined)
    throw new LedgerIncompleteError(
      what,
      `If the account has another table, set LEDGER_TABLE to it. To start a new ledger, set NEW_LEDGER=${count} or run keyward deploy --stack NAME --new-ledger. If the table was lost, run keyward tx repair to record the transactions that are on the chain.`,
    )
  const { number } = await chain.getBlock('latest', { deadline })
  // On a younger chain, only the first block's state is final.
  const deep = max(number - BigInt(confirmations) + 1n, 0n)
  const final = await chain.getCount(address, deep, { deadline })
  if (newLedger === count && newLedger === final) return
  throw new LedgerIncompleteError(
    `${what}. NEW_LEDGER is ${newLedger}, and ${toCount(final)} ${final === 1n ? 'is' : 'are'} final`,
    final === count
      ? `Check what the account has sent, then set NEW_LEDGER=${count}.`
      : `Wait until ${toCount(count)} ${count === 1n ? 'is' : 'are'} final (after ${confirmations} blocks), then set NEW_LEDGER=${count}.`,
  )
}
