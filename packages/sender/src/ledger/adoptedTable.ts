import type { Runtime } from '@keyward/core/rpc'
import * as AdoptedRecord from './AdoptedRecord.js'
import type { AdoptedRows } from './AdoptedRows.js'
import { absent, all, any, equal, there } from './Condition.js'
import * as Item from './Item.js'
import { queryAll } from './queryAll.js'
import type { Store } from './Store.js'
import * as TransactionRecord from './TransactionRecord.js'

export function adoptedTable(store: Store, runtime: Runtime): AdoptedRows {
  return {
    async addAdopted(account, signed, deadline) {
      const item = AdoptedRecord.toItem(account, signed, runtime.now())
      await store.create(item, deadline)
    },

    async findAdopted(account, request, deadline) {
      const items = await queryAll(
        store,
        {
          partition: ['pk', AdoptedRecord.partitionOf(account)],
          between: AdoptedRecord.rangeOf(request),
        },
        deadline,
      )
      return items.map(AdoptedRecord.fromItem)
    },

    async claimAdopted(account, signed, id, deadline) {
      const claimed = await store.update(
        AdoptedRecord.keyOf(account, signed, signed.nonce),
        {
          set: Item.write({ claimedBy: id }),
          condition: all(
            there('pk'),
            any(absent('claimedBy'), equal('claimedBy', { S: id })),
          ),
        },
        deadline,
      )
      return claimed !== undefined
    },

    async unclaimAdopted(account, signed, id, deadline) {
      await store.update(
        AdoptedRecord.keyOf(account, signed, signed.nonce),
        { remove: ['claimedBy'], condition: equal('claimedBy', { S: id }) },
        deadline,
      )
    },

    async adopt({ nonce, mined, notify, ...record }, deadline) {
      const end = Item.write({
        ...mined,
        nonce,
        status: 'mined',
        final: true,
        adopted: true,
        undelivered: notify || undefined,
        open: notify ? TransactionRecord.openOf(record.account) : undefined,
      })
      const { open: _, ...accepted } = TransactionRecord.toItem(record)
      const item = { ...accepted, ...end }
      if (await store.create(item, deadline))
        return TransactionRecord.fromItem(item)
      // A request that was refused as a possible repeat already has its row.
      const changed = await store.update(
        TransactionRecord.keyOf(record.id),
        {
          set: { ...end, ...Item.write({ updatedAt: runtime.now() }) },
          add: Item.write({ revision: 1 }),
          remove: [
            ...['problem', 'reasonCode', 'reasonText', 'claim'],
            ...(notify ? [] : ['open']),
          ],
          condition: any(
            all(
              equal('adopted', { BOOL: true }),
              equal('hash', { S: mined.hash }),
            ),
            all(
              equal('status', { S: 'refused' }),
              equal('reasonCode', { S: 'possible-repeat' }),
            ),
          ),
        },
        deadline,
      )
      return changed && TransactionRecord.fromItem(changed)
    },
  }
}
