import { createHash } from 'node:crypto'
import type { Hex } from '@keyward/core'
import type { SendRequest } from '../request/SendRequest.js'
import type { Signed } from './Attempt.js'
import * as Item from './Item.js'
import { type Account, openOf } from './TransactionRecord.js'

/**
 * A transaction that repair found on the chain. It is looked up by content,
 * because a caller's next request may be the same payment.
 */
export type AdoptedRecord = {
  nonce: bigint
  hash: Hex
  to: Hex | undefined
  value: bigint
  /** Milliseconds since 1970; 0 if not recorded. */
  foundAt: number
  /** Id of the request's transaction that an operator identified it as. */
  claimedBy: string | undefined
}

export const partitionOf = (account: Account) => `adopted#${openOf(account)}`

type Content = Pick<SendRequest, 'value' | 'data'> & {
  to?: Hex | undefined
}

/** Equal for all transactions with the same effect. */
const contentOf = ({ to, value, data }: Content) =>
  createHash('sha256')
    .update(`${to?.toLowerCase() ?? ''}\n${value}\n${data.toLowerCase()}`)
    .digest('hex')

const sortOf = (content: string, nonce: bigint) =>
  `${content}#${String(nonce).padStart(20, '0')}`

export const keyOf = (account: Account, content: Content, nonce: bigint) => ({
  pk: partitionOf(account),
  sk: sortOf(contentOf(content), nonce),
})

/** The key range of all transactions with the same effect as a request. */
export const rangeOf = (
  content: Content,
): [name: string, from: string, to: string] => {
  const of = contentOf(content)
  return ['sk', `${of}#`, `${of}#~`]
}

export function toItem(
  account: Account,
  signed: Signed,
  foundAt: number,
): Item.Item {
  const { nonce, hash, to, value } = signed
  return Item.create('adopted', {
    ...keyOf(account, signed, nonce),
    nonce,
    hash,
    to,
    value: String(value),
    foundAt,
  })
}

/** @throws LedgerItemError, LedgerVersionError */
export function fromItem(item: Item.Item): AdoptedRecord {
  const fields = Item.read(item, 'adopted')
  return {
    nonce: fields.bigint('nonce'),
    hash: fields.text('hash') as Hex,
    to: fields.optionalText('to') as Hex | undefined,
    value: fields.amount('value'),
    foundAt: fields.optionalTime('foundAt') ?? 0,
    claimedBy: fields.optionalText('claimedBy'),
  }
}
