import type { Runtime } from '@keyward/core/rpc'
import { absent, all, any, equal, oneOf, same, there } from './Condition.js'
import * as Item from './Item.js'
import { isDamage } from './NonceRecord.js'
import type { Change, Query, Store } from './Store.js'
import * as TransactionRecord from './TransactionRecord.js'
import type { Page, TransactionRows } from './TransactionRows.js'

type Deadline = { deadline?: number | undefined }

const notFinal = all(there('pk'), absent('final'))

const ofBlock = ['blockNumber', 'blockHash', 'receiptStatus']

export function transactionTable(
  store: Store,
  runtime: Runtime,
): TransactionRows {
  const getTransaction = async (id: string, deadline?: Deadline) => {
    const item = await store.get(TransactionRecord.keyOf(id), deadline)
    return item && TransactionRecord.fromItem(item)
  }

  const getOutlines = async (ids: readonly string[], deadline?: Deadline) => {
    // DynamoDB refuses a batch with duplicate keys.
    const keys = [...new Set(ids)].map(TransactionRecord.keyOf)
    const attributes = TransactionRecord.outlineAttributes
    const items = await store.getMany(keys, { ...deadline, attributes })
    const outlines = new Map<string, TransactionRecord.Outline>()
    const damaged: TransactionRecord.DamagedRow[] = []
    for (const item of items) {
      const id = idOf(item)
      try {
        outlines.set(id, TransactionRecord.outlineFromItem(item))
      } catch (error) {
        // One faulty row says nothing about the others.
        if (!isDamage(error)) throw error
        damaged.push({ id, error })
      }
    }
    const transactions = [...new Set(ids)].flatMap(
      (id) => outlines.get(id) ?? [],
    )
    return { transactions, damaged }
  }

  const change = async (id: string, changes: Change, deadline?: Deadline) => {
    const item = await store.update(
      TransactionRecord.keyOf(id),
      {
        ...changes,
        set: { ...Item.write({ updatedAt: runtime.now() }), ...changes.set },
        add: Item.write({ revision: 1 }),
      },
      deadline,
    )
    return item && TransactionRecord.fromItem(item)
  }

  const page = async (query: Query, deadline?: Deadline): Promise<Page> => {
    const { items, after } = await store.query(query, deadline)
    // An index provides only keys, and may be slightly out of date.
    return { ...(await getOutlines(items.map(idOf), deadline)), after }
  }

  return {
    getTransaction,
    getOutlines,

    async accept(record, deadline) {
      const item = TransactionRecord.toItem(record)
      if (await store.create(item, deadline))
        return { created: true, transaction: TransactionRecord.fromItem(item) }
      const transaction = await getTransaction(record.id, deadline)
      if (transaction === undefined)
        throw new Error(
          `The table "${store.tableName}" has an item for transaction ${record.id}, but reading it returns nothing. Repeat the request with the same idempotency key. If it fails again, find out who else writes to the table.`,
        )
      return { created: false, transaction }
    },

    bind: (id, nonce, claim, deadline) =>
      change(
        id,
        {
          set: Item.write({ nonce, claim, status: 'reserved' }),
          condition: all(
            notFinal,
            absent('cancelRequested'),
            any(
              absent('nonce'),
              all(
                equal('nonce', { N: String(nonce) }),
                same('claim', claim === undefined ? undefined : { S: claim }),
                equal('status', { S: 'reserved' }),
              ),
            ),
          ),
        },
        deadline,
      ),

    unbind: (seen, deadline) =>
      change(
        seen.id,
        {
          set: Item.write({ status: 'accepted' }),
          remove: ['nonce', 'claim'],
          condition: unchanged(seen),
        },
        deadline,
      ),

    advanceStatus: (id, status, hash, deadline) =>
      change(
        id,
        {
          set: Item.write({ status, hash }),
          remove: ['problem', 'refusals'],
          condition: all(
            notFinal,
            oneOf(
              'status',
              ['accepted', 'reserved', 'signed', status].map((S) => ({ S })),
            ),
          ),
        },
        deadline,
      ),

    noteProblem: (id, problem, { refusals, ...deadline } = {}) =>
      change(
        id,
        {
          set: Item.write({ problem, refusals }),
          ...(refusals === undefined ? { remove: ['refusals'] } : {}),
          condition: notFinal,
        },
        deadline,
      ),

    requestCancel: (id, deadline) =>
      change(
        id,
        { set: Item.write({ cancelRequested: true }), condition: notFinal },
        deadline,
      ),

    markMined: (id, end, deadline) =>
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
            ...(end.mined.receiptStatus === undefined ? ['receiptStatus'] : []),
          ],
          condition: notFinal,
        },
        deadline,
      ),

    markUnmined: (id, hash, deadline) =>
      change(
        id,
        {
          set: Item.write({ status: 'sent', hash }),
          remove: [...ofBlock, ...['reasonCode', 'reasonText']],
          condition: all(notFinal, there('blockHash')),
        },
        deadline,
      ),

    finish: (id, end, deadline) =>
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
            // If the transaction ends without a block, its earlier block is
            // gone.
            ...(end.mined === undefined ? ofBlock : []),
            ...(end.unsigned?.nonce === undefined ? [] : ['nonce', 'claim']),
          ],
          condition:
            end.unsigned === undefined ? notFinal : unchanged(end.unsigned),
        },
        deadline,
      ),

    markDelivered: (heard, deadline) =>
      change(
        heard.id,
        {
          remove: ['undelivered', 'open'],
          condition: all(there('undelivered'), sameRevision(heard)),
        },
        deadline,
      ),

    listOpen: (account, options) =>
      page(
        {
          index: 'open',
          partition: ['open', TransactionRecord.openOf(account)],
          limit: options.limit,
          after: options.after,
        },
        options,
      ),

    async listByCaller(account, caller, options) {
      const found = await page(
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
      )
      // The ids verify the callers that the index names.
      const isOwn = (one: TransactionRecord.Outline) => one.caller === caller
      const after = TransactionRecord.fromStartKey(
        found.after as Item.Item | undefined,
      )
      return { ...found, transactions: found.transactions.filter(isOwn), after }
    },
  }
}

/** The transaction has neither changed nor ended since it was read. */
function unchanged(seen: TransactionRecord.Outline) {
  return all(notFinal, sameRevision(seen))
}

function sameRevision({ revision }: TransactionRecord.Outline) {
  const value = revision === 0 ? undefined : { N: String(revision) }
  return same('revision', value)
}

function idOf(item: Item.Item): string {
  return String((item.pk as { S: string }).S).slice('tx#'.length)
}
