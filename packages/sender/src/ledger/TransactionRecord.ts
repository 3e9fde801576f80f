import type { Hex } from '@keyward/core'
import { createNewest, type Newest } from '../createNewest.js'
import * as SendRequest from '../request/SendRequest.js'
import { LedgerItemError, type LedgerVersionError } from './errors.js'
import * as Item from './Item.js'

/** An account on a chain; the address is in lower case. */
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

/** The reason why a transaction ended as it did. */
export type Reason = {
  /** For example `external-use`. */
  code: string
  text: string
}

/** The ledger's record of a request, without its payload. */
export type Outline = {
  id: string
  account: Account
  caller: string
  request: SendRequest.Terms
  requestHash: string
  status: Status
  /** Whether the state is final. */
  final: boolean
  /** Assigned once, in a conditional write. */
  nonce: bigint | undefined
  /**
   * Claim under which it holds the nonce: equal to the claim in the nonce's row
   * as long as it is the owner.
   */
  claim: string | undefined
  /** Hash of the newest attempt, or of the mined one. */
  hash: Hex | undefined
  blockNumber: bigint | undefined
  blockHash: Hex | undefined
  receiptStatus: 'succeeded' | 'reverted' | undefined
  reason: Reason | undefined
  /** The problem that stopped the last try. */
  problem: string | undefined
  /** How many times in a row a node has reported that problem. */
  refusals: number
  /** Whether a cancel was requested. */
  cancelRequested: boolean
  /** Milliseconds since 1970. */
  createdAt: number
  updatedAt: number
  /** Whether the webhook has yet to be notified of the end. */
  undelivered: boolean
  /**
   * Whether an operator identified a transaction found by repair as this
   * request.
   */
  adopted: boolean
  /** Counts changes, so that any change since the row was read is detected. */
  revision: number
}

/** The complete record, which can be signed. */
export type TransactionRecord = Outline & { request: SendRequest.SendRequest }

/** A row that is not valid. */
export type DamagedRow = {
  id: string
  error: LedgerItemError | LedgerVersionError
}

export const keyOf = (id: string) => ({ pk: `tx#${id}`, sk: 'tx' })

/**
 * Partition of the index `open`, which lists everything the reconciler still
 * has to process.
 */
export const openOf = ({ chainId, address }: Account) => `${chainId}#${address}`

/** Partition of the index `caller`. */
export const callerOf = (account: Account, caller: string) =>
  `${openOf(account)}#${caller}`

/** Sort key of both indexes: by time, then by id. */
const createdOf = (createdAt: number, id: string) =>
  `${String(createdAt).padStart(14, '0')}#${id}`

/** Start key of a query of the index `caller`. */
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

/**
 * The inverse of {@link toStartKey}; undefined if the key is not a
 * transaction's.
 */
export function fromStartKey(
  key: Item.Item | undefined,
): { id: string; createdAt: number } | undefined {
  const created = (key?.created as { S?: string } | undefined)?.S ?? ''
  const [, createdAt, id] = /^([0-9]{14})#([0-9a-f]{40})$/.exec(created) ?? []
  return id === undefined ? undefined : { id, createdAt: Number(createdAt) }
}

/** The item of a newly accepted request. */
export function toItem(
  record: Pick<
    TransactionRecord,
    'id' | 'account' | 'caller' | 'request' | 'requestHash' | 'createdAt'
  >,
): Item.Item {
  const { id, account, caller, request, requestHash, createdAt } = record
  const { terms, payload } = SendRequest.toKept(request)
  return Item.create('transaction', {
    ...keyOf(id),
    id,
    chainId: account.chainId,
    address: account.address,
    caller,
    request: terms,
    payload,
    requestHash,
    status: 'accepted',
    createdAt,
    updatedAt: createdAt,
    open: openOf(account),
    callerOf: callerOf(account, caller),
    created: createdOf(createdAt, id),
  })
}

/** Everything but the payload. */
export const outlineAttributes = [
  ...['pk', 'sk', 'kind', 'v', 'id', 'chainId', 'address', 'caller'],
  ...['request', 'requestHash', 'status', 'final', 'nonce', 'claim', 'hash'],
  ...['blockNumber', 'blockHash', 'receiptStatus', 'reasonCode', 'reasonText'],
  ...['problem', 'cancelRequested', 'createdAt', 'updatedAt', 'undelivered'],
  ...['adopted', 'revision', 'refusals'],
]

/**
 * Reads a row, and accepts only what can be recomputed: its id must be the hash
 * of caller and key, and its request must be valid and match `requestHash`.
 *
 * @throws LedgerItemError, LedgerVersionError
 */
export function fromItem(item: Item.Item): TransactionRecord {
  return read(item, believed, (terms, payload) => {
    const request = SendRequest.complete(terms, payload)
    SendRequest.assertValid(request)
    return freeze(request)
  })
}

/** Like {@link fromItem}, without the payload. */
export function outlineFromItem(item: Item.Item): Outline {
  return read(item, believedTerms, ({ payload: _, ...terms }) => {
    SendRequest.assertValid({ ...terms, data: '0x00', accessList: [] })
    return Object.freeze(terms)
  })
}

/**
 * Recomputed requests, keyed by all inputs, because each step reads the same
 * transaction again.
 */
const believed = createNewest<string, SendRequest.SendRequest>(1000)
const believedTerms = createNewest<string, SendRequest.Terms>(1000)
const maxKeptLength = 4096

/** Frozen, because all readers share it. */
function freeze(request: SendRequest.SendRequest): SendRequest.SendRequest {
  for (const entry of request.accessList)
    for (const part of [entry.storageKeys, entry]) Object.freeze(part)
  Object.freeze(request.accessList)
  return Object.freeze(request)
}

/** @param toRequest - Throws if the request is invalid. */
function read<request extends SendRequest.Terms>(
  item: Item.Item,
  kept: Newest<string, request>,
  toRequest: (
    terms: ReturnType<typeof SendRequest.termsFromJson>,
    payload: string | undefined,
  ) => request,
): Outline & { request: request } {
  const fields = Item.read(item, 'transaction')
  const fail = (reason: string) =>
    new LedgerItemError(Item.placeOf(item), reason)
  const id = fields.text('id')
  const caller = fields.text('caller')
  const requestHash = fields.text('requestHash')
  const account = readAccount(fields, fail)
  const text = fields.text('request')
  const payload = fields.optionalText('payload')
  if ((item.pk as { S?: string }).S !== keyOf(id).pk)
    throw fail('its id differs from the id in its key (pk)')
  const { chainId, address } = account
  const all = [id, caller, requestHash, chainId, address, text, payload]
  const key = JSON.stringify(all)
  let request = kept.get(key)
  if (request === undefined) {
    request = attempt(
      () => toRequest(SendRequest.termsFromJson(text), payload),
      fail,
    )
    if (SendRequest.transactionId(caller, request.idempotencyKey) !== id)
      throw fail('its id does not match its caller and idempotency key')
    if (SendRequest.hashTerms(text, account) !== requestHash)
      throw fail('its request does not match its requestHash')
    if (key.length <= maxKeptLength) kept.set(key, request)
  }
  const code = fields.optionalText('reasonCode')
  const receiptStatus = fields.optionalText('receiptStatus')
  return {
    id,
    account,
    caller,
    request,
    requestHash,
    status: fields.oneOf('status', statuses),
    final: fields.flag('final'),
    nonce: fields.optionalBigint('nonce'),
    claim: fields.optionalText('claim'),
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
    refusals: fields.optionalNumber('refusals') ?? 0,
    cancelRequested: fields.flag('cancelRequested'),
    createdAt: fields.time('createdAt'),
    updatedAt: fields.time('updatedAt'),
    undelivered: fields.flag('undelivered'),
    adopted: fields.flag('adopted'),
    revision: fields.optionalNumber('revision') ?? 0,
  }
}

type Fail = (reason: string) => LedgerItemError

function readAccount(fields: Item.Reader, fail: Fail): Account {
  const chainId = fields.number('chainId')
  const address = fields.text('address')
  if (!/^0x[0-9a-f]{40}$/.test(address))
    throw fail('its field "address" is not a lowercase address')
  return { chainId, address: address as Hex }
}

function attempt<value>(work: () => value, fail: Fail): value {
  try {
    return work()
  } catch {
    throw fail(
      "its request can't be read, is not valid, or does not match its payload",
    )
  }
}
