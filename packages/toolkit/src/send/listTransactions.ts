import type { ListWire } from '@keyward/sender'
import type { Io } from '../Io.js'
import { fieldsOf, listFields } from './fieldsOf.js'
import { readOperation } from './readOperation.js'
import { lookUpAll } from './readPaid.js'
import type { SenderOptions } from './readSender.js'
import { type Search, type SearchResult, searchList } from './searchList.js'
import { withSender } from './withSender.js'

export type ListOptions = SenderOptions & Search

type Item = ListWire['transactions'][number]

export type Listed = SearchResult & { chainId: number }

/**
 * Lists the caller's transactions, newest first, with their current state on
 * the chain. With `status` or `since`, it follows the pages.
 */
export async function listTransactions(
  io: Io,
  options: ListOptions,
): Promise<Listed> {
  const fields = fieldsOf(listFields, options)
  const read = () => readOperation('list', fields)
  return withSender(io, options, read, async (access) => {
    const { urls, status, since } = options
    const { chainId } = await access.status()
    const lookUp = (items: Item[]) =>
      lookUpAll(access, items, { urls, chainId })
    if (status !== undefined || since !== undefined)
      return { ...(await searchList(access, lookUp, options)), chainId }
    const { transactions, next } = await access.list(fields)
    const listed = { transactions: await lookUp(transactions), next }
    return { listed, readCount: transactions.length, chainId }
  })
}
