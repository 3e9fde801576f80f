import type { Runtime } from '@keyward/core/rpc'
import { above, absent, any, below, equal, same } from './Condition.js'
import * as HeadRecord from './HeadRecord.js'
import type { Lease, LeaseRows } from './HeadRows.js'
import * as Item from './Item.js'
import type { Store } from './Store.js'

/** No run lasts this long, so a longer lease was not written by this code. */
export const longestLeaseMs = 5 * 60_000

export function leaseTable(store: Store, runtime: Runtime): LeaseRows {
  return {
    async lease(account, holder, until, deadline) {
      const key = HeadRecord.leaseKeyOf(account)
      const now = runtime.now()
      const longest = { N: String(now + longestLeaseMs) }
      const written = await store.get(key, deadline)
      const before = readHolder(written)
      const item = await store.update(
        key,
        {
          set: Item.create('lease', { holder, until }),
          condition: any(
            absent('holder'),
            equal('holder', { S: holder }),
            below('until', { N: String(now) }),
            above('until', longest),
            // An invalid time can't be compared, so it would last forever.
            same('until', before === undefined ? written?.until : undefined),
          ),
        },
        deadline,
      )
      if (item === undefined) {
        const skipped = await store.update(
          key,
          { setIfNone: Item.write({ skippedSince: now }) },
          deadline,
        )
        return { skippedSince: readNumber(skipped, 'skippedSince') ?? now }
      }
      const isBroken =
        before !== undefined && before.until > now + longestLeaseMs
      const lease: Lease = {
        finalBelow: readBigint(item, 'finalBelow'),
        skippedSince: readNumber(item, 'skippedSince'),
        broken: isBroken ? before : undefined,
      }
      return { lease }
    },

    async release(account, holder, finalBelow, deadline) {
      await store.update(
        HeadRecord.leaseKeyOf(account),
        {
          set: Item.write({ until: 0, finalBelow }),
          remove: ['skippedSince'],
          condition: equal('holder', { S: holder }),
        },
        deadline,
      )
    },
  }
}

/**
 * The holder, whatever else the row contains. Another program may have written
 * the row.
 */
function readHolder(
  item: Item.Item | undefined,
): { holder: string; until: number } | undefined {
  const holder = (item?.holder as { S?: string } | undefined)?.S
  const until = Number((item?.until as { N?: string } | undefined)?.N)
  return holder === undefined || Number.isNaN(until)
    ? undefined
    : { holder, until }
}

/** An invalid value counts as unknown and blocks no one. */
function readBigint(
  item: Item.Item | undefined,
  name: string,
): bigint | undefined {
  const text = (item?.[name] as { N?: string } | undefined)?.N ?? ''
  return /^[0-9]{1,20}$/.test(text) ? BigInt(text) : undefined
}

function readNumber(
  item: Item.Item | undefined,
  name: string,
): number | undefined {
  const value = readBigint(item, name)
  return value === undefined ? undefined : Number(value)
}
