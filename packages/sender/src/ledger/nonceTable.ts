import type { Runtime } from '@keyward/core/rpc'
import { absent, all, same, there } from './Condition.js'
import * as Item from './Item.js'
import * as NonceRecord from './NonceRecord.js'
import type { NonceRows } from './NonceRows.js'
import { queryAll } from './queryAll.js'
import type { Query, Store } from './Store.js'
import type { Account } from './TransactionRecord.js'

type Deadline = { deadline?: number | undefined }
type Claim = NonceRecord.Claim

const unsigned = all(there('pk'), absent('raw'))
const ofNobody = all(unsigned, absent('owner'))

/** The nonce is unsigned, and owned under this claim. */
const of = ({ owner, claim }: Claim) =>
  all(
    unsigned,
    same('owner', { S: owner }),
    same('claim', claim === undefined ? undefined : { S: claim }),
  )

export function nonceTable(store: Store, runtime: Runtime): NonceRows {
  const getNonce = async (
    account: Account,
    nonce: bigint,
    deadline?: Deadline,
  ) => {
    const [record] = await listNonces(account, nonce, nonce, deadline)
    return record
  }

  const listNonces = async (
    account: Account,
    from: bigint,
    to: bigint,
    deadline?: Deadline,
  ) => {
    const between = NonceRecord.rangeOf(from, to)
    const query = { ...partition(account), between }
    const items = await queryAll(store, query, deadline)
    return NonceRecord.fromItems(items, account)
  }

  /**
   * The first non-empty page, because rows that belong to no nonce must not
   * hide later ones.
   */
  const firstPage = async (
    account: Account,
    query: Query,
    deadline?: Deadline,
  ) => {
    for (let after: unknown; ; ) {
      const page = await store.query({ ...query, after }, deadline)
      const records = await NonceRecord.fromItems(page.items, account)
      after = page.after
      if (records.length > 0 || after === undefined) return { records, after }
    }
  }

  const newClaim = () => runtime.uuid().replaceAll('-', '')

  /** Whether an unsigned nonce is now as intended. */
  const isAt = async (
    account: Account,
    nonce: bigint,
    wanted: Claim | undefined,
    deadline?: Deadline,
  ) => {
    // The answer to an earlier attempt may have been lost.
    const record = await getNonce(account, nonce, deadline)
    return (
      record !== undefined &&
      record.owner === wanted?.owner &&
      record.claim === wanted?.claim &&
      NonceRecord.isUnsigned(record)
    )
  }

  return {
    getNonce,
    listNonces,

    async reserve(account, nonce, owner, deadline) {
      const claim = newClaim()
      const given = { owner, claim }
      const item = NonceRecord.toItem(account, nonce, given, runtime.now())
      if (await store.create(item, deadline)) return claim
      return (await isAt(account, nonce, given, deadline)) ? claim : undefined
    },

    async take(account, nonce, owner, deadline) {
      const claim = newClaim()
      const given = { owner, claim }
      const item = await store.update(
        NonceRecord.keyOf(account, nonce),
        {
          set: NonceRecord.toAllocation(nonce, given, runtime.now()),
          remove: ['suspectedAt'],
          condition: ofNobody,
        },
        deadline,
      )
      if (item !== undefined) return claim
      return (await isAt(account, nonce, given, deadline)) ? claim : undefined
    },

    async free(account, nonce, from, deadline) {
      const item = await store.update(
        NonceRecord.keyOf(account, nonce),
        { remove: ['owner', 'claim', 'proof', 'foundAt'], condition: of(from) },
        deadline,
      )
      if (item !== undefined) return true
      return isAt(account, nonce, undefined, deadline)
    },

    async clear(account, nonce, deadline) {
      const key = NonceRecord.keyOf(account, nonce)
      const damaged = await store.get(key, deadline)
      if (damaged === undefined) return false
      const now = runtime.now()
      const {
        pk: _,
        sk: __,
        ...set
      } = NonceRecord.toItem(account, nonce, undefined, now)
      const left = Object.keys(damaged).filter(
        (name) => name !== 'pk' && name !== 'sk' && !(name in set),
      )
      const item = await store.update(
        key,
        {
          set,
          remove: left,
          // The owner can no longer sign for the nonce, and nobody else has
          // signed for it.
          condition: all(
            unsigned,
            same('owner', damaged.owner),
            same('claim', damaged.claim),
          ),
        },
        deadline,
      )
      return item !== undefined
    },

    async handOver(account, nonce, from, foreign, deadline) {
      const item = await store.update(
        NonceRecord.keyOf(account, nonce),
        {
          set: Item.write({
            owner: NonceRecord.external,
            foundAt: runtime.now(),
            proof: foreign && NonceRecord.toBytes(foreign),
          }),
          remove: ['claim'],
          condition: from === undefined ? ofNobody : of(from),
        },
        deadline,
      )
      if (item !== undefined) return true
      const given = { owner: NonceRecord.external, claim: undefined }
      return isAt(account, nonce, given, deadline)
    },

    async addProof(account, nonce, foreign, deadline) {
      const proof = NonceRecord.toBytes(foreign)
      await store.update(
        NonceRecord.keyOf(account, nonce),
        {
          set: Item.write({ proof, foundAt: runtime.now() }),
          condition: there('pk'),
        },
        deadline,
      )
    },

    async createExternal(account, nonce, foreign, deadline) {
      const now = runtime.now()
      const given = { owner: NonceRecord.external, claim: undefined }
      const item = NonceRecord.toItem(account, nonce, given, now)
      const proof = NonceRecord.toBytes(foreign)
      return store.create(
        { ...item, ...Item.write({ proof, foundAt: now }) },
        deadline,
      )
    },

    async highestNonce(account, deadline) {
      const query = { ...partition(account), descending: true, limit: 1 }
      const { records } = await firstPage(account, query, deadline)
      return records[0]?.nonce
    },

    async findNonces(account, from, limit, deadline) {
      const between = NonceRecord.rangeOf(from, 10n ** 20n - 1n)
      const query = { ...partition(account), between, limit }
      const { records, after } = await firstPage(account, query, deadline)
      const last = records.at(-1)
      if (after === undefined || last === undefined) return records
      // The last nonce may have more attempts.
      const whole = await getNonce(account, last.nonce, deadline)
      return [...records.slice(0, -1), whole ?? last]
    },

    async createFree(account, nonce, deadline) {
      const now = runtime.now()
      const item = NonceRecord.toItem(account, nonce, undefined, now)
      await store.create(item, deadline)
    },

    async storeAttempt(account, nonce, by, attempt, deadline) {
      if (attempt.index === 0) {
        const item = await store.update(
          NonceRecord.keyOf(account, nonce),
          { set: NonceRecord.toAttributes(attempt), condition: of(by) },
          deadline,
        )
        if (item !== undefined) return attempt
      } else {
        const item = NonceRecord.toAttemptItem(account, nonce, attempt)
        if (await store.create(item, deadline)) return attempt
      }
      const record = await getNonce(account, nonce, deadline)
      if (record?.owner !== by.owner || record.claim !== by.claim)
        return undefined
      return record.attempts.find(({ index }) => index === attempt.index)
    },

    async suspect(account, nonce, deadline) {
      await store.update(
        NonceRecord.keyOf(account, nonce),
        {
          setIfNone: Item.write({ suspectedAt: runtime.now() }),
          condition: there('pk'),
        },
        deadline,
      )
    },

    async clearSuspicion(account, nonce, deadline) {
      await store.update(
        NonceRecord.keyOf(account, nonce),
        { remove: ['suspectedAt'], condition: there('pk') },
        deadline,
      )
    },
  }
}

function partition(account: Account): Pick<Query, 'partition'> {
  return { partition: ['pk', NonceRecord.partitionOf(account)] }
}
