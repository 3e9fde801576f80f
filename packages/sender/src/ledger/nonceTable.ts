import type { Dynamo } from './createDynamo.js'
import * as Item from './Item.js'
import * as NonceRecord from './NonceRecord.js'
import type { Account } from './TransactionRecord.js'

type Deadline = { deadline?: number | undefined }

const unsigned = 'attribute_exists(pk) AND attribute_not_exists(#raw)'

/** Rows of nonces: owned by one, signed for once. */
export function nonceTable(dynamo: Dynamo) {
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
