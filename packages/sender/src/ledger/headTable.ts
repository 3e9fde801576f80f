import type { Runtime } from '@keyward/core/rpc'
import { absent, all, any, below, equal, same, there } from './Condition.js'
import * as HeadRecord from './HeadRecord.js'
import type { HeadRows } from './HeadRows.js'
import * as Item from './Item.js'
import * as Rise from './Rise.js'
import type { Change, Store } from './Store.js'
import type { Account } from './TransactionRecord.js'

type Deadline = { deadline?: number | undefined }

const isThere = there('nextNonce')
/** Maximum number of set members that one write removes. */
const mostAtOnce = 2000
const isAt = (next: bigint) => equal('nextNonce', { N: String(next) })

export function headTable(store: Store, runtime: Runtime): HeadRows {
  const table = store.tableName
  // The returned item is not read, because repair must work on unreadable
  // heads.
  const change = (
    account: Account,
    changes: Change,
    settings?: Deadline & { once?: boolean },
  ) => store.update(HeadRecord.keyOf(account), changes, settings)
  const newId = () => runtime.uuid().replaceAll('-', '')
  return {
    async getHead(account, deadline) {
      const item = await store.get(HeadRecord.keyOf(account), deadline)
      return item && HeadRecord.fromItem(item)
    },

    async advanceHead(account, count, deadline) {
      const item = await change(
        account,
        {
          add: Item.write({ nextNonce: count }),
          condition: all(
            isThere,
            absent('free'),
            equal('table', { S: table }),
            absent('haltReason'),
          ),
        },
        { ...deadline, once: true },
      )
      return item && HeadRecord.fromItem(item).next - BigInt(count)
    },

    async createHead(account, next, deadline, renewed = {}) {
      const item = HeadRecord.toItem(account, {
        first: next,
        ...renewed,
        next,
        table,
        ledgerId: newId(),
      })
      await store.create(item, deadline)
    },

    async raiseHead(account, seen, next, isProven, deadline) {
      const count = next - seen.next
      if (count <= 0n) return false
      const now = runtime.now()
      if (!isProven && count > BigInt(Rise.left(seen.rises, now))) return false
      const rises = isProven
        ? seen.rises
        : Rise.add(seen.rises, Number(count), now)
      const raised = await change(
        account,
        {
          set: Item.write({
            nextNonce: next,
            riseHour: rises.hour,
            riseHourCount: rises.inHour,
            riseDay: rises.day,
            riseDayCount: rises.inDay,
          }),
          condition: all(isAt(seen.next), equal('table', { S: table })),
        },
        deadline,
      )
      return raised !== undefined
    },

    async haltHead(account, halt, deadline) {
      const set = Item.write(HeadRecord.toHaltAttributes(halt))
      const end = halt.below
      const halted = await change(
        account,
        { set, condition: all(isThere, absent('haltBelow')) },
        deadline,
      )
      if (halted !== undefined) return
      // The other halt stays until the higher nonces are settled too.
      await change(
        account,
        { set, condition: below('haltBelow', { N: String(end) }) },
        deadline,
      )
    },

    async markAdopted(account, deadline) {
      await change(
        account,
        { set: Item.write({ adopted: true }), condition: isThere },
        deadline,
      )
    },

    async resumeHead(account, seen, deadline) {
      await change(
        account,
        {
          set: Item.write({ adopted: true }),
          remove: HeadRecord.haltAttributes,
          condition: all(
            isThere,
            // A repair may since have found something that is not resolved yet.
            same('ledgerId', { S: seen.ledgerId }),
            any(
              absent('haltBelow'),
              equal('haltBelow', { N: String(seen.halt?.below ?? 0n) }),
            ),
          ),
        },
        deadline,
      )
    },

    async renewHead(account, seen, { next, hasAdopted, halt }, deadline) {
      const renewed = await change(
        account,
        {
          set: Item.write({
            nextNonce: next,
            table,
            ledgerId: newId(),
            adopted: hasAdopted || seen.hasAdopted || undefined,
            ...HeadRecord.toHaltAttributes(halt),
          }),
          remove: halt === undefined ? HeadRecord.haltAttributes : [],
          condition: all(
            isAt(seen.next),
            same('ledgerId', { S: seen.ledgerId }),
          ),
        },
        deadline,
      )
      return renewed !== undefined
    },

    async addFree(account, nonce, deadline) {
      await change(
        account,
        { add: { free: { NS: [String(nonce)] } }, condition: isThere },
        deadline,
      )
    },

    async removeFree(account, nonce, deadline) {
      await change(
        account,
        { delete: { free: { NS: [String(nonce)] } }, condition: isThere },
        deadline,
      )
    },

    async dropFree(account, numbers, deadline) {
      for (let at = 0; at < numbers.length; at += mostAtOnce)
        await change(
          account,
          {
            delete: { free: { NS: numbers.slice(at, at + mostAtOnce) } },
            condition: isThere,
          },
          deadline,
        )
    },

    async replaceHead(account, renewed, deadline) {
      const key = HeadRecord.keyOf(account)
      const damaged = await store.get(key, deadline)
      if (damaged === undefined) return false
      const given = { ...renewed, table, ledgerId: newId() }
      const { pk: _, sk: __, ...set } = HeadRecord.toItem(account, given)
      const left = Object.keys(damaged).filter(
        (name) => name !== 'pk' && name !== 'sk' && !(name in set),
      )
      const replaced = await store.update(
        key,
        {
          set,
          remove: left,
          // The condition fails if something has moved or repaired the head
          // since.
          condition: all(
            same('nextNonce', damaged.nextNonce),
            same('ledgerId', damaged.ledgerId),
            same('kind', damaged.kind),
          ),
        },
        deadline,
      )
      return replaced !== undefined
    },
  }
}
