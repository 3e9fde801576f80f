import type { Runtime } from '../Runtime.js'
import { above, absent, any, below, equal } from './Condition.js'
import * as HeadRecord from './HeadRecord.js'
import * as Item from './Item.js'
import type { Lease, LeaseTable } from './Ledger.js'
import type { Store } from './Store.js'

/** No run lasts so long; a lease that does was not written here. */
export const longestLeaseMs = 5 * 60_000

export function leaseTable(store: Store, runtime: Runtime): LeaseTable {
  return {
    async lease(account, holder, until, deadline) {
      const key = HeadRecord.leaseKeyOf(account)
      const now = runtime.now()
      const longest = { N: String(now + longestLeaseMs) }
      const before = readHolder(await store.get(key, deadline))
      const item = await store.update(
        key,
        {
          set: Item.create('lease', { holder, until }),
          condition: any(
            absent('holder'),
            equal('holder', { S: holder }),
            below('until', { N: String(now) }),
            above('until', longest),
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
        const since = skipped && Item.read(skipped, 'lease')
        return { skippedSince: since?.optionalNumber('skippedSince') ?? now }
      }
      const fields = Item.read(item, 'lease')
      const isBroken =
        before !== undefined && before.until > now + longestLeaseMs
      const lease: Lease = {
        finalBelow: fields.optionalBigint('finalBelow'),
        skippedSince: fields.optionalNumber('skippedSince'),
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

/** Who has it, whatever else the row says: it may be anybody's writing. */
function readHolder(
  item: Item.Item | undefined,
): { holder: string; until: number } | undefined {
  const holder = (item?.holder as { S?: string } | undefined)?.S
  const until = Number((item?.until as { N?: string } | undefined)?.N)
  return holder === undefined || Number.isNaN(until)
    ? undefined
    : { holder, until }
}
