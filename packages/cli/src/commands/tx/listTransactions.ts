import { AddressField } from '@keyward/core'
import { maskHex } from '@keyward/core/errors'
import type { ListWire } from '@keyward/sender'
import { formatEther } from '@keyward/toolkit'
import { currencyOf, explorerLink } from '@keyward/toolkit/networks'
import { lookUpAll, type SenderOptions } from '@keyward/toolkit/send'
import { fieldsOf, listFields } from '../../input/fieldsOf.js'
import { readOperation } from '../../input/readOperation.js'
import { age } from '../../output/age.js'
import { paintStatus } from '../../output/paintStatus.js'
import type { Result } from '../../output/Result.js'
import { toCsv } from '../../output/toCsv.js'
import { type Column, shortAddress, toTable } from '../../output/toTable.js'
import { styleFor, type Terminal } from '../../terminal/Terminal.js'
import { withSender } from './withSender.js'

export type ListOptions = SenderOptions & {
  limit: number | undefined
  after: string | undefined
  status: string | undefined
  /** Ms since 1970: nothing that is older. */
  since: number | undefined
  csv: boolean
}

type Item = ListWire['transactions'][number]

/** The caller's transactions, newest first, with what the chain shows now. */
export async function listTransactions(
  terminal: Terminal,
  options: ListOptions,
): Promise<Result> {
  const fields = fieldsOf(listFields, options)
  const read = () => readOperation('list', fields)
  return withSender(terminal, options, read, async (access) => {
    const pages = (after: string | undefined) =>
      access.list({ ...fields, ...(after !== undefined && { after }) })
    const listed =
      options.since === undefined
        ? await access.list(fields)
        : await readSince(pages, options.since, options)
    const { chainId } = await access.status()
    const transactions = await lookUpAll(access, listed.transactions, {
      ...{ urls: options.urls, chainId },
    })
    const data = { transactions, next: listed.next }
    return {
      data,
      text: options.csv
        ? csvOf(transactions, chainId)
        : textOf(terminal, data, chainId),
    }
  })
}

/** All pages down to a time; with a limit, at most so many. */
async function readSince(
  page: (after: string | undefined) => Promise<ListWire>,
  since: number,
  { limit, after }: ListOptions,
): Promise<ListWire> {
  const found: Item[] = []
  let next: string | null | undefined = after
  do {
    const answer: ListWire = await page(next ?? undefined)
    const young = answer.transactions.filter(
      ({ created_at: at }) => Date.parse(at) >= since,
    )
    found.push(...young)
    if (limit !== undefined && found.length >= limit)
      return { transactions: found.slice(0, limit), next: answer.next }
    next = young.length < answer.transactions.length ? null : answer.next
  } while (next !== null)
  return { transactions: found, next: null }
}

function textOf(
  terminal: Terminal,
  { transactions, next }: ListWire,
  chainId: number,
): string {
  const style = styleFor(terminal.stdout, terminal.env)
  if (transactions.length === 0) return 'There are none.'
  const columns: Column[] = [
    { header: 'AGE', isRight: true },
    { header: 'STATUS', paint: paintStatus },
    { header: 'TRANSACTION' },
    { header: 'NONCE', isRight: true },
    {
      header: `AMOUNT (${currencyOf(chainId)})`,
      paint: (cell) => style.bold(cell),
    },
    { header: 'TO', shorten: shortAddress, isOptional: true },
  ]
  const rows = transactions.map((each) => [
    age(each.created_at),
    each.status,
    each.transaction_id,
    `${each.nonce ?? '-'}`,
    formatEther(BigInt(each.value_wei)),
    each.dst_address === null
      ? '(new contract)'
      : AddressField.toChecksum(each.dst_address),
  ])
  return [
    toTable(columns, rows, style, terminal.stdout.columns),
    ...(next === null
      ? []
      : [style.cyan(`More: keyward tx list --after ${next}`)]),
  ].join('\n')
}

function csvOf(transactions: readonly Item[], chainId: number): string {
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
