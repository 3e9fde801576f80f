import { AddressField } from '@keyward/core'
import { maskHex } from '@keyward/core/errors'
import type { ListWire } from '@keyward/sender'
import {
  age,
  type Column,
  formatEther,
  shortAddress,
  toCsv,
  toTable,
} from '@keyward/toolkit'
import { currencyOf, explorerLink } from '@keyward/toolkit/networks'
import {
  type Listed,
  type ListOptions,
  moreCommand,
} from '@keyward/toolkit/send'
import { paintStatus } from '../../output/paintStatus.js'
import type { Terminal } from '../../terminal/Terminal.js'

type Item = ListWire['transactions'][number]

export function listText(
  terminal: Terminal,
  { listed: { transactions, next }, readCount, chainId }: Listed,
  options: ListOptions,
): string {
  const { style } = terminal.stdout
  const more =
    next === null ? [] : [style.cyan(`More: ${moreCommand(options, next)}`)]
  if (transactions.length === 0)
    return [
      noneText(options, next === null ? undefined : readCount),
      ...more,
    ].join('\n')
  const columns: Column[] = [
    { header: 'AGE', isRight: true },
    { header: 'STATUS', paint: paintStatus },
    { header: 'REQUEST', shorten: shortRequest },
    { header: 'NONCE', isRight: true },
    {
      header: `AMOUNT (${currencyOf(chainId)})`,
      paint: (cell) => style.bold(cell),
    },
    { header: 'TO', shorten: shortAddress, isOptional: true },
  ]
  const rows = transactions.map((each) => [
    age(each.created_at),
    each.status + (isBeingCanceled(each) ? mark : ''),
    maskHex(each.idempotency_key),
    `${each.nonce ?? '-'}`,
    formatEther(BigInt(each.value_wei)),
    each.dst_address === null
      ? '(new contract)'
      : AddressField.toChecksum(each.dst_address),
  ])
  return [
    toTable(columns, rows, style, terminal.stdout.columns),
    ...meanings(transactions).map(style.dim),
    ...more,
  ].join('\n')
}

/** Explains the statuses that could be mistaken for a payment. */
function meanings(transactions: readonly Item[]): string[] {
  const has = (status: string) =>
    transactions.some((each) => each.status === status)
  const isCanceling = transactions.some(isBeingCanceled)
  return [
    ...(isCanceling ? [`${mark}  a cancellation is in progress`] : []),
    ...(has('replaced') ? ['replaced: canceled, and NOT mined'] : []),
  ]
}

/** After the status of a transaction that is being canceled. */
const mark = '*'

function isBeingCanceled(each: Item): boolean {
  const isOver = each.final || each.block_number !== null
  return each.cancel_requested && !isOver
}

/** @param readCount - How many were searched; undefined if it was all. */
function noneText(
  { status, since, after }: ListOptions,
  readCount: number | undefined,
): string {
  if (readCount !== undefined)
    return `None of the ${after === undefined ? 'newest' : 'next'} ${readCount} transactions has the status ${status}.`
  const which = [
    ...(after === undefined ? [] : ['more']),
    'transactions',
    ...(status === undefined ? [] : [`with the status ${status}`]),
    ...(since === undefined ? [] : [`since ${new Date(since).toISOString()}`]),
  ]
  return `There are no ${which.join(' ')}.`
}

function shortRequest(key: string): string {
  return key.length <= 40 ? key : `${key.slice(0, 39)}…`
}

export function listCsv(
  transactions: readonly Item[],
  chainId: number,
): string {
  const header = [
    ...['created_at', 'updated_at', 'status', 'final', 'transaction_id'],
    ...['idempotency_key', 'nonce', 'dst_address', 'value_wei'],
    ...[`amount_${currencyOf(chainId).toLowerCase()}`, 'hash', 'block_number'],
    ...['receipt_status', 'explorer'],
  ]
  const rows = transactions.map((each) => [
    ...[each.created_at, each.updated_at, each.status, String(each.final)],
    ...[each.transaction_id, maskHex(each.idempotency_key)],
    ...[String(each.nonce ?? ''), each.dst_address ?? '', each.value_wei],
    ...[formatEther(BigInt(each.value_wei)), each.signed_tx_hash ?? ''],
    ...[String(each.block_number ?? ''), each.receipt_status ?? ''],
    each.signed_tx_hash === null
      ? ''
      : (explorerLink(chainId, each.signed_tx_hash) ?? ''),
  ])
  return toCsv([header, ...rows])
}
