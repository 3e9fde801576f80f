import type { Context } from '../transaction/Context.js'
import { type ListAnswer, toListItem } from './Answer.js'
import type { Call, ListRequest } from './Call.js'

/** A caller's own transactions, newest first, from the ledger. */
export async function list(
  { ledger, account }: Context,
  request: ListRequest,
  { caller, deadline }: Call,
): Promise<ListAnswer> {
  const [createdAt, id] = request.after?.split('-') ?? []
  const { transactions, after } = await ledger.listByCaller(account, caller, {
    deadline,
    limit: request.limit ?? 20,
    ...(id === undefined
      ? {}
      : { after: { id, createdAt: Number(createdAt) } }),
  })
  return {
    transactions: transactions
      .filter(({ status }) => status === (request.status ?? status))
      .map(toListItem),
    next: after && `${after.createdAt}-${after.id}`,
  }
}
