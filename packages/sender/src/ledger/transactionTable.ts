import type { Hex } from '@keyward/core'
import type { Dynamo } from './createDynamo.js'
import * as Item from './Item.js'
import * as TransactionRecord from './TransactionRecord.js'

type Account = TransactionRecord.Account
type Transaction = TransactionRecord.TransactionRecord
type Deadline = { deadline?: number | undefined }

const notFinal = 'attribute_exists(pk) AND attribute_not_exists(#final)'

/** Rows of transactions: accepted once, bound once, ended once. */
export function transactionTable(dynamo: Dynamo) {
  const read = async (id: string, deadline?: Deadline) => {
    const item = await dynamo.get(TransactionRecord.keyOf(id), deadline)
    return item && TransactionRecord.fromItem(item)
  }
  const readMany = async (ids: readonly string[], deadline?: Deadline) => {
    const keys = ids.map(TransactionRecord.keyOf)
    const items = await dynamo.getMany(keys, deadline)
    const records = new Map(
      items
        .map(TransactionRecord.fromItem)
        .map((record) => [record.id, record] as const),
    )
    return ids.flatMap((id) => records.get(id) ?? [])
  }
  const change = async (
    id: string,
    changes: Parameters<Dynamo['update']>[1],
    deadline?: Deadline,
  ): Promise<Transaction | undefined> => {
    const item = await dynamo.update(
      TransactionRecord.keyOf(id),
      {
        ...changes,
        set: { ...Item.write({ updatedAt: Date.now() }), ...changes.set },
        add: Item.write({ revision: 1 }),
      },
      deadline,
    )
    return item && TransactionRecord.fromItem(item)
  }
  const page = async (
    query: Parameters<Dynamo['query']>[0],
    deadline?: Deadline,
  ) => {
    const { items, after } = await dynamo.query(query, deadline)
    // Of an index only the keys are known, and they may be a moment old.
    const ids = items.map((item) =>
      String((item.pk as { S: string }).S).slice(3),
    )
    return { transactions: await readMany(ids, deadline), after }
  }

  return {
    getTransaction: read,
    getTransactions: readMany,

    /**
     * Writes a request down, once. `created` is false when it was there, of
     * this or another caller's making.
     */
    async accept(
      record: Parameters<typeof TransactionRecord.toItem>[0],
      deadline?: Deadline,
    ): Promise<{ created: boolean; transaction: Transaction }> {
      const item = TransactionRecord.toItem(record)
      if (await dynamo.create(item, deadline))
        return { created: true, transaction: TransactionRecord.fromItem(item) }
      const transaction = await read(record.id, deadline)
      if (transaction === undefined)
        throw new Error('A row that exists cannot be read.')
      return { created: false, transaction }
    },

    /**
     * Gives a transaction its nonce, for good. Undefined when it has another
     * one, is final, or is to be cancelled.
     */
    bind: (id: string, nonce: bigint, deadline?: Deadline) =>
      change(
        id,
        {
          set: Item.write({ nonce, status: 'reserved' }),
          condition: `${notFinal} AND attribute_not_exists(#cancelRequested) AND (attribute_not_exists(#nonce) OR (#nonce = :set_nonce AND #status = :set_status))`,
        },
        deadline,
      ),

    /**
     * Takes the nonce back, once that is out of its hands. Undefined when
     * anything was changed since it was read: it may have got the same again.
     */
    unbind: (seen: Transaction, deadline?: Deadline) =>
      change(
        seen.id,
        {
          set: Item.write({ status: 'accepted' }),
          remove: ['nonce'],
          ...unchanged(seen),
        },
        deadline,
      ),

    /** `signed` or `sent`, with the newest hash; never backwards. */
    advanceStatus: (
      id: string,
      status: 'signed' | 'sent',
      hash: Hex,
      deadline?: Deadline,
    ) =>
      change(
        id,
        {
          set: Item.write({ status, hash }),
          remove: ['problem'],
          condition: `${notFinal} AND #status IN (:accepted, :reserved, :signed, :${status})`,
          values: Item.write({
            accepted: 'accepted',
            reserved: 'reserved',
            signed: 'signed',
            [status]: status,
          }),
        },
        deadline,
      ),

    /** What keeps a transaction from going on. */
    noteProblem: (id: string, problem: string, deadline?: Deadline) =>
      change(
        id,
        { set: Item.write({ problem }), condition: notFinal },
        deadline,
      ),

    requestCancel: (id: string, deadline?: Deadline) =>
      change(
        id,
        {
          set: Item.write({ cancelRequested: true }),
          condition: notFinal,
        },
        deadline,
      ),

    /**
     * In a block that may still be reorganised away: itself, or what was signed
     * in its place.
     */
    markMined: (id: string, end: End & { mined: Mined }, deadline?: Deadline) =>
      change(
        id,
        {
          set: Item.write({
            ...end.mined,
            status: end.status,
            reasonCode: end.reason?.code,
            reasonText: end.reason?.text,
          }),
          remove: [
            'problem',
            ...(end.reason === undefined ? ['reasonCode', 'reasonText'] : []),
          ],
          condition: notFinal,
        },
        deadline,
      ),

    /** The block it was mined in is gone. */
    markUnmined: (id: string, hash: Hex, deadline?: Deadline) =>
      change(
        id,
        {
          set: Item.write({ status: 'sent', hash }),
          remove: [
            ...['blockNumber', 'blockHash', 'receiptStatus'],
            ...['reasonCode', 'reasonText'],
          ],
          condition: `${notFinal} AND attribute_exists(#blockHash)`,
        },
        deadline,
      ),

    /**
     * Ends a transaction.
     *
     * @param end.unsigned - One that nothing is signed for, as it was read before
     * its nonce was taken from it: nothing may have changed since.
     * @param end.notify - The webhook has to hear of it.
     */
    finish: (
      id: string,
      end: End & {
        mined?: Mined | undefined
        unsigned?: Transaction
        notify: boolean
      },
      deadline?: Deadline,
    ) =>
      change(
        id,
        {
          set: Item.write({
            ...end.mined,
            status: end.status,
            final: true,
            reasonCode: end.reason?.code,
            reasonText: end.reason?.text,
            undelivered: end.notify || undefined,
          }),
          remove: [
            'problem',
            ...(end.notify ? [] : ['open']),
            ...(end.unsigned?.nonce === undefined ? [] : ['nonce']),
          ],
          ...(end.unsigned === undefined
            ? { condition: notFinal }
            : unchanged(end.unsigned)),
        },
        deadline,
      ),

    /** The webhook has heard of the end. */
    markDelivered: (id: string, deadline?: Deadline) =>
      change(
        id,
        {
          remove: ['undelivered', 'open'],
          condition: 'attribute_exists(#undelivered)',
        },
        deadline,
      ),

    /** Those that are not final or not delivered, oldest first. */
    listOpen: (
      account: Account,
      options: Deadline & { limit: number; after?: unknown },
    ) =>
      page(
        {
          index: 'open',
          partition: ['open', TransactionRecord.openOf(account)],
          limit: options.limit,
          after: options.after,
        },
        options,
      ),

    /**
     * A caller's own, newest first.
     *
     * @param options.after - The last one of the page before.
     */
    listByCaller: (
      account: Account,
      caller: string,
      options: Deadline & {
        limit: number
        after?: { id: string; createdAt: number } | undefined
      },
    ) =>
      page(
        {
          index: 'caller',
          partition: ['callerOf', TransactionRecord.callerOf(account, caller)],
          descending: true,
          limit: options.limit,
          after:
            options.after &&
            TransactionRecord.toStartKey(account, caller, options.after),
        },
        options,
      ),
  }
}

/** Nobody has changed it since it was read. */
function unchanged({ revision }: Transaction) {
  if (revision === 0)
    return { condition: `${notFinal} AND attribute_not_exists(#revision)` }
  return {
    condition: `${notFinal} AND #revision = :revision`,
    values: Item.write({ revision }),
  }
}

type End = {
  status: TransactionRecord.Status
  reason?: TransactionRecord.Reason | undefined
}

type Mined = {
  hash: Hex
  blockNumber: bigint
  blockHash: Hex
  receiptStatus: 'succeeded' | 'reverted'
}
