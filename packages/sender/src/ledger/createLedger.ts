import type { Hex } from '@keyward/core'
import type { AwsClientOptions } from '@keyward/core/aws'
import { assertTable } from './assertTable.js'
import { createDynamo, type Dynamo } from './createDynamo.js'
import * as HeadRecord from './HeadRecord.js'
import * as Item from './Item.js'
import * as NonceRecord from './NonceRecord.js'
import * as TransactionRecord from './TransactionRecord.js'

type Account = TransactionRecord.Account
type Transaction = TransactionRecord.TransactionRecord
type Deadline = { deadline?: number | undefined }

export type LedgerOptions = AwsClientOptions & {
  /** Name or ARN of the table. */
  tableName: string
}

/** All that is remembered, and all that must not happen twice. */
export type Ledger = ReturnType<typeof createLedger>

/**
 * The ledger on one DynamoDB table; docs/ledger.md has its items. Every write
 * is conditional, so that any number of processes may use it at once.
 * Permissions on the table and its indexes: GetItem, BatchGetItem, PutItem,
 * UpdateItem, Query; DescribeTable for `check`.
 *
 * @throws LedgerConfigurationError; the calls throw LedgerTableError for a
 * missing table, LedgerItemError for items of others, and what DynamoDB's
 * client throws
 * @example
 * const ledger = createLedger({ tableName: 'keyward-dev-ledger' })
 */
export function createLedger(options: LedgerOptions) {
  const { tableName, ...client } = options
  const dynamo = createDynamo(tableName, client)
  return {
    tableName,
    host: dynamo.host,
    ...transactions(dynamo),
    ...nonces(dynamo),
    ...heads(dynamo),
    ...leases(dynamo),
    /** Whether the table is there and shaped as needed. @throws LedgerTableError */
    async check(deadline?: Deadline): Promise<void> {
      assertTable(await dynamo.describe(deadline), tableName, dynamo.host)
    },
  }
}

const notFinal = 'attribute_exists(pk) AND attribute_not_exists(#final)'

function transactions(dynamo: Dynamo) {
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

    /** Takes the nonce back, once that is out of its hands. */
    unbind: (id: string, nonce: bigint, deadline?: Deadline) =>
      change(
        id,
        {
          set: Item.write({ status: 'accepted' }),
          remove: ['nonce'],
          condition: `${notFinal} AND #nonce = :nonce`,
          values: Item.write({ nonce }),
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
          condition: `${notFinal} AND #status IN (:accepted, :reserved, :signed, :sent)`,
          values: Item.write({
            accepted: 'accepted',
            reserved: 'reserved',
            signed: 'signed',
            sent: 'sent',
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

    /** In a block that may still be reorganised away. */
    markMined: (id: string, mined: Mined, deadline?: Deadline) =>
      change(
        id,
        {
          set: Item.write({ ...mined, status: 'mined' }),
          remove: ['problem'],
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
          remove: ['blockNumber', 'blockHash', 'receiptStatus'],
          condition: `${notFinal} AND #status = :mined`,
          values: Item.write({ mined: 'mined' }),
        },
        deadline,
      ),

    /**
     * Ends a transaction.
     *
     * @param end.unsigned - For one that nothing is signed for: the nonce that has
     * been taken from it, or undefined if it must have none.
     * @param end.notify - The webhook has to hear of it.
     */
    finish: (
      id: string,
      end: {
        status: TransactionRecord.Status
        reason?: TransactionRecord.Reason | undefined
        mined?: Mined | undefined
        unsigned?: { nonce: bigint | undefined }
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
          ...toNonceCondition(end.unsigned),
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

function toNonceCondition(unsigned: { nonce: bigint | undefined } | undefined) {
  if (unsigned === undefined) return { condition: notFinal }
  const { nonce } = unsigned
  if (nonce === undefined)
    return { condition: `${notFinal} AND attribute_not_exists(#nonce)` }
  return {
    condition: `${notFinal} AND #nonce = :nonce`,
    values: Item.write({ nonce }),
  }
}

type Mined = {
  hash: Hex
  blockNumber: bigint
  blockHash: Hex
  receiptStatus: 'succeeded' | 'reverted'
}

const unsigned = 'attribute_exists(pk) AND attribute_not_exists(#raw)'

function nonces(dynamo: Dynamo) {
  const read = async (
    account: Account,
    nonce: bigint,
    deadline?: Deadline,
  ): Promise<NonceRecord.NonceRecord | undefined> => {
    const [record] = await readRange(account, nonce, nonce, deadline)
    return record
  }
  const readRange = async (
    account: Account,
    from: bigint,
    to: bigint,
    deadline?: Deadline,
  ) => {
    const items: Item.Item[] = []
    let after: unknown
    do {
      const page = await dynamo.query(
        {
          partition: ['pk', NonceRecord.partitionOf(account)],
          between: NonceRecord.rangeOf(from, to),
          after,
        },
        deadline,
      )
      items.push(...page.items)
      after = page.after
    } while (after !== undefined)
    return NonceRecord.fromItems(items)
  }
  /** Changes who owns an unsigned nonce. */
  const own = async (
    account: Account,
    nonce: bigint,
    from: string | undefined,
    to: string | undefined,
    deadline?: Deadline,
  ): Promise<boolean> => {
    const item = await dynamo.update(
      NonceRecord.keyOf(account, nonce),
      {
        ...(to === undefined
          ? { remove: ['owner'] }
          : { set: Item.write({ owner: to, createdAt: Date.now() }) }),
        condition:
          from === undefined
            ? `${unsigned} AND attribute_not_exists(#owner)`
            : `${unsigned} AND #owner = :from`,
        ...(from === undefined ? {} : { values: Item.write({ from }) }),
      },
      deadline,
    )
    if (item !== undefined) return true
    // The answer to an earlier try may have been lost.
    const record = await read(account, nonce, deadline)
    return (
      record !== undefined &&
      record.owner === to &&
      record.attempts.length === 0
    )
  }

  return {
    getNonce: read,
    listNonces: readRange,

    /** Whether the nonce is the owner's: whoever creates its row has it. */
    async reserve(
      account: Account,
      nonce: bigint,
      owner: string,
      deadline?: Deadline,
    ): Promise<boolean> {
      const item = NonceRecord.toItem(account, nonce, owner, Date.now())
      if (await dynamo.create(item, deadline)) return true
      const record = await read(account, nonce, deadline)
      return record?.owner === owner
    },

    /** The highest nonce that has a row. */
    async highestNonce(
      account: Account,
      deadline?: Deadline,
    ): Promise<bigint | undefined> {
      const { items } = await dynamo.query(
        {
          partition: ['pk', NonceRecord.partitionOf(account)],
          descending: true,
          limit: 1,
        },
        deadline,
      )
      const nonce = (items[0]?.nonce as { N: string } | undefined)?.N
      return nonce === undefined ? undefined : BigInt(nonce)
    },

    /** Writes down a number that has no row, for whoever comes first. */
    async createFree(
      account: Account,
      nonce: bigint,
      deadline?: Deadline,
    ): Promise<void> {
      const item = NonceRecord.toItem(account, nonce, undefined, Date.now())
      await dynamo.create(item, deadline)
    },

    /** Writes down that somebody else has used a number that has no row. */
    async createExternal(
      account: Account,
      nonce: bigint,
      deadline?: Deadline,
    ): Promise<void> {
      const { external } = NonceRecord
      const item = NonceRecord.toItem(account, nonce, external, Date.now())
      await dynamo.create(item, deadline)
    },

    /** Hands an unsigned nonce from one owner to another. */
    handOver: (
      account: Account,
      nonce: bigint,
      from: string,
      to: string,
      deadline?: Deadline,
    ) => own(account, nonce, from, to, deadline),

    /** Takes an unsigned nonce from its owner, so that nobody can sign for it. */
    free: (
      account: Account,
      nonce: bigint,
      owner: string,
      deadline?: Deadline,
    ) => own(account, nonce, owner, undefined, deadline),
    /** Gives a free nonce to a new owner. */
    take: (
      account: Account,
      nonce: bigint,
      owner: string,
      deadline?: Deadline,
    ) => own(account, nonce, undefined, owner, deadline),

    /**
     * Stores what was signed for a nonce, before it is broadcast, and answers
     * what is stored: the same, or what another process stored before.
     * Undefined when the nonce is no longer the owner's.
     */
    async storeAttempt(
      account: Account,
      nonce: bigint,
      owner: string,
      attempt: NonceRecord.Attempt,
      deadline?: Deadline,
    ): Promise<NonceRecord.Attempt | undefined> {
      if (attempt.index === 0) {
        const item = await dynamo.update(
          NonceRecord.keyOf(account, nonce),
          {
            set: NonceRecord.toAttributes(attempt),
            condition: `${unsigned} AND #owner = :owner`,
            values: Item.write({ owner }),
          },
          deadline,
        )
        if (item !== undefined) return attempt
      } else {
        const item = NonceRecord.toAttemptItem(account, nonce, attempt)
        if (await dynamo.create(item, deadline)) return attempt
      }
      const record = await read(account, nonce, deadline)
      if (record?.owner !== owner) return undefined
      return record.attempts.find(({ index }) => index === attempt.index)
    },

    /** Remembers since when a nonce looks consumed by somebody else. */
    async suspect(
      account: Account,
      nonce: bigint,
      deadline?: Deadline,
    ): Promise<void> {
      await dynamo.update(
        NonceRecord.keyOf(account, nonce),
        {
          setIfNone: Item.write({ suspectedAt: Date.now() }),
          condition: 'attribute_exists(pk)',
        },
        deadline,
      )
    },

    async clearSuspicion(
      account: Account,
      nonce: bigint,
      deadline?: Deadline,
    ): Promise<void> {
      await dynamo.update(
        NonceRecord.keyOf(account, nonce),
        { remove: ['suspectedAt'], condition: 'attribute_exists(pk)' },
        deadline,
      )
    },
  }
}

function heads(dynamo: Dynamo) {
  const read = async (account: Account, deadline?: Deadline) => {
    const item = await dynamo.get(HeadRecord.keyOf(account), deadline)
    return item && HeadRecord.fromItem(item)
  }
  return {
    getHead: read,

    /**
     * The first of `count` nonces that nobody else is told; undefined when
     * there is no head yet or free nonces come first. Not repeated when it may
     * have been done: that would leave numbers out.
     */
    async advanceHead(
      account: Account,
      count: number,
      deadline?: Deadline,
    ): Promise<bigint | undefined> {
      const item = await dynamo.update(
        HeadRecord.keyOf(account),
        {
          add: Item.write({ next: count }),
          condition: 'attribute_exists(#next) AND attribute_not_exists(#free)',
        },
        { ...deadline, once: true },
      )
      return item && HeadRecord.fromItem(item).next - BigInt(count)
    },

    async createHead(account: Account, next: bigint, deadline?: Deadline) {
      await dynamo.create(HeadRecord.toItem(account, next), deadline)
    },

    /** Never lowers it. */
    async raiseHead(account: Account, next: bigint, deadline?: Deadline) {
      await dynamo.update(
        HeadRecord.keyOf(account),
        {
          set: Item.write({ next }),
          condition: 'attribute_exists(#next) AND #next < :set_next',
        },
        deadline,
      )
    },

    async addFree(account: Account, nonce: bigint, deadline?: Deadline) {
      await dynamo.update(
        HeadRecord.keyOf(account),
        {
          add: { free: { NS: [String(nonce)] } },
          condition: 'attribute_exists(#next)',
        },
        deadline,
      )
    },

    async removeFree(account: Account, nonce: bigint, deadline?: Deadline) {
      await dynamo.update(
        HeadRecord.keyOf(account),
        {
          delete: { free: { NS: [String(nonce)] } },
          condition: 'attribute_exists(#next)',
        },
        deadline,
      )
    },
  }
}

function leases(dynamo: Dynamo) {
  return {
    /**
     * Takes or renews the reconciler's lease, and answers the nonce below which
     * everything is final. Undefined while another one holds it.
     */
    async lease(
      account: Account,
      holder: string,
      until: number,
      deadline?: Deadline,
    ): Promise<{ finalBelow: bigint | undefined } | undefined> {
      const item = await dynamo.update(
        HeadRecord.leaseKeyOf(account),
        {
          set: Item.write({ kind: 'lease', holder, until }),
          condition:
            'attribute_not_exists(#holder) OR #holder = :set_holder OR #until < :now',
          values: Item.write({ now: Date.now() }),
        },
        deadline,
      )
      if (item === undefined) return undefined
      const fields = Item.read(item, 'lease')
      return { finalBelow: fields.optionalBigint('finalBelow') }
    },

    /** Gives the lease back, with what was found. */
    async release(
      account: Account,
      holder: string,
      finalBelow: bigint | undefined,
      deadline?: Deadline,
    ): Promise<void> {
      await dynamo.update(
        HeadRecord.leaseKeyOf(account),
        {
          set: Item.write({ until: 0, finalBelow }),
          condition: '#holder = :holder',
          values: Item.write({ holder }),
        },
        deadline,
      )
    },
  }
}
