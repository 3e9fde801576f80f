import * as Item from './Item.js'
import { type Account, openOf } from './TransactionRecord.js'

/** Where the next nonce is looked for first; the nonces' rows decide. */
export type HeadRecord = {
  next: bigint
  /** Where the ledger began: lower ones are none of its business. */
  first: bigint
  /** Below `next`, and not owned by anybody. */
  free: bigint[]
}

export const keyOf = (account: Account) => ({
  pk: `head#${openOf(account)}`,
  sk: 'head',
})

export const leaseKeyOf = (account: Account) => ({
  pk: `head#${openOf(account)}`,
  sk: 'reconciler',
})

export function toItem(account: Account, next: bigint): Item.Item {
  return Item.write({ ...keyOf(account), kind: 'head', next, first: next })
}

/** @throws LedgerItemError */
export function fromItem(item: Item.Item): HeadRecord {
  const fields = Item.read(item, 'head')
  return {
    next: fields.bigint('next'),
    first: fields.bigint('first'),
    free: fields.bigints('free'),
  }
}
