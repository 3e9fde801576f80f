import type { ListWire } from '@keyward/sender'
import type { Io } from '../Io.js'
import { fieldsOf, listFields } from './fieldsOf.js'
import { readOperation } from './readOperation.js'
import { lookUpAll } from './readPaid.js'
import type { SenderOptions } from './readSender.js'
import { withSender } from './withSender.js'

export type ListOptions = SenderOptions & {
  limit: number | undefined
  after: string | undefined
  status: string | undefined
  /** The oldest creation time to include, in ms since 1970. */
  since: number | undefined
}

type Item = ListWire['transactions'][number]

/**
 * Lists the caller's transactions, newest first, with their current state on
 * the chain.
 */
export async function listTransactions(
  io: Io,
  options: ListOptions,
): Promise<{ listed: ListWire; chainId: number }> {
  const fields = fieldsOf(listFields, options)
  const read = () => readOperation('list', fields)
  return withSender(io, options, read, async (access) => {
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
    return { listed: { transactions, next: listed.next }, chainId }
  })
}

/** Reads all pages back to a given time, up to a limit if there is one. */
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
