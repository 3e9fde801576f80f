import type { Hex } from '@keyward/core'
import * as SendRequest from '../request/SendRequest.js'
import { LedgerItemError } from './errors.js'
import * as Item from './Item.js'

/** An account of a chain; the address in lower case. */
export type Account = { chainId: number; address: Hex }

export const statuses = [
  'accepted',
  'reserved',
  'signed',
  'sent',
  'mined',
  'replaced',
  'dropped',
  'expired',
  'refused',
] as const
export type Status = (typeof statuses)[number]

/** Why a transaction ended as it did. */
export type Reason = {
  /** For example `external-use`. */
  code: string
  text: string
}

/** What the ledger knows of one request. */
export type TransactionRecord = {
  id: string
  account: Account
  caller: string
  request: SendRequest.SendRequest
  requestHash: string
  status: Status
  /** Nothing will change any more. */
  final: boolean
  /** Bound once, by a conditional write. */
  nonce: bigint | undefined
  /** Of the newest attempt, or of the mined one. */
  hash: Hex | undefined
  blockNumber: bigint | undefined
  blockHash: Hex | undefined
  receiptStatus: 'succeeded' | 'reverted' | undefined
  reason: Reason | undefined
  /** What kept it from going on, the last time that was tried. */
  problem: string | undefined
  /** Someone asked for it to be cancelled. */
  cancelRequested: boolean
  /** Milliseconds since 1970. */
  createdAt: number
  updatedAt: number
  /** The webhook has not heard of the end yet. */
  undelivered: boolean
  /** Counts the changes, to tell what was read from what looks like it. */
  revision: number
}

export const keyOf = (id: string) => ({ pk: `tx#${id}`, sk: 'tx' })

/** Partition of the index `open`: what the reconciler still has to look at. */
export const openOf = ({ chainId, address }: Account) => `${chainId}#${address}`

/** Partition of the index `caller`. */
export const callerOf = (account: Account, caller: string) =>
  `${openOf(account)}#${caller}`

/** Sort key of both indexes: by time, then by id. */
const createdOf = (createdAt: number, id: string) =>
  `${String(createdAt).padStart(14, '0')}#${id}`

/** Where a query of the index `caller` goes on. */
export function toStartKey(
  account: Account,
  caller: string,
  last: { id: string; createdAt: number },
): Item.Item {
  return Item.write({
    ...keyOf(last.id),
    callerOf: callerOf(account, caller),
    created: createdOf(last.createdAt, last.id),
  })
}

/** The item of a request that was just accepted. */
export function toItem(
  record: Pick<
    TransactionRecord,
    'id' | 'account' | 'caller' | 'request' | 'requestHash' | 'createdAt'
  >,
): Item.Item {
  const { id, account, caller, request, requestHash, createdAt } = record
  return Item.write({
    ...keyOf(id),
    kind: 'transaction',
    id,
    chainId: account.chainId,
    address: account.address,
    caller,
    request: SendRequest.toJson(request),
    requestHash,
    status: 'accepted',
    createdAt,
    updatedAt: createdAt,
    open: openOf(account),
    callerOf: callerOf(account, caller),
    created: createdOf(createdAt, id),
  })
}

/** @throws LedgerItemError */
export function fromItem(item: Item.Item): TransactionRecord {
  const fields = Item.read(item, 'transaction')
  const id = fields.text('id')
  const code = fields.optionalText('reasonCode')
  const receiptStatus = fields.optionalText('receiptStatus')
  return {
    id,
    account: {
      chainId: fields.number('chainId'),
      address: fields.text('address') as Hex,
    },
    caller: fields.text('caller'),
    request: readRequest(id, fields.text('request')),
    requestHash: fields.text('requestHash'),
    status: fields.oneOf('status', statuses),
    final: fields.flag('final'),
    nonce: fields.optionalBigint('nonce'),
    hash: fields.optionalText('hash') as Hex | undefined,
    blockNumber: fields.optionalBigint('blockNumber'),
    blockHash: fields.optionalText('blockHash') as Hex | undefined,
    receiptStatus:
      receiptStatus === undefined
        ? undefined
        : fields.oneOf('receiptStatus', ['succeeded', 'reverted']),
    reason:
      code === undefined
        ? undefined
        : { code, text: fields.optionalText('reasonText') ?? '' },
    problem: fields.optionalText('problem'),
    cancelRequested: fields.flag('cancelRequested'),
    createdAt: fields.number('createdAt'),
    updatedAt: fields.number('updatedAt'),
    undelivered: fields.flag('undelivered'),
    revision: fields.optionalNumber('revision') ?? 0,
  }
}

function readRequest(id: string, text: string): SendRequest.SendRequest {
  try {
    return SendRequest.fromJson(text)
  } catch {
    throw new LedgerItemError(`pk="tx#${id}"`, 'its request cannot be read')
  }
}
