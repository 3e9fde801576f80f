import type { ListWire } from '@keyward/sender'
import type { SenderAccess } from './SenderAccess.js'

type Item = ListWire['transactions'][number]

export type Search = {
  limit: number | undefined
  after: string | undefined
  status: string | undefined
  /** The oldest creation time to include, in ms since 1970. */
  since: number | undefined
}

export type SearchResult = {
  listed: ListWire
  /** How many transactions were read, including those that were filtered out. */
  readCount: number
}

/** The largest page that the sender returns. */
const pageSize = 100
/** How many pages are searched for a status, unless `since` limits them. */
const maxPages = 10

/**
 * Reads pages until enough transactions are found. The ledger's own filter
 * would miss those that the ledger still calls sent and the chain has mined.
 */
export async function searchList(
  access: Pick<SenderAccess, 'list'>,
  lookUp: (items: Item[]) => Promise<Item[]>,
  { limit, after, status, since }: Search,
): Promise<SearchResult> {
  const enough = limit ?? (since === undefined ? 20 : Infinity)
  const found: Item[] = []
  let readCount = 0
  let next: string | null = after ?? null
  for (let page = 0; since !== undefined || page < maxPages; page++) {
    const answer = await access.list({
      limit: pageSize,
      ...(next !== null && { after: next }),
    })
    const young = answer.transactions.filter(
      ({ created_at: at }) => Date.parse(at) >= (since ?? 0),
    )
    readCount += young.length
    // The chain can show another status only for those that were sent.
    const candidates = young.filter(
      (item) => status === undefined || [status, 'sent'].includes(item.status),
    )
    for (const item of await lookUp(candidates))
      if (status === undefined || item.status === status) found.push(item)
    next = young.length < answer.transactions.length ? null : answer.next
    const last = found[enough - 1]
    if (last !== undefined && (found.length > enough || next !== null)) {
      const transactions = found.slice(0, enough)
      return { listed: { transactions, next: cursorAt(last) }, readCount }
    }
    if (next === null) break
  }
  return { listed: { transactions: found, next }, readCount }
}

/** The `after` with which the sender continues behind this transaction. */
function cursorAt({ created_at: at, transaction_id: id }: Item): string {
  return `${Date.parse(at)}-${id}`
}
