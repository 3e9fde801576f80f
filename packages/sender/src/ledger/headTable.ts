import type { Dynamo } from './createDynamo.js'
import * as HeadRecord from './HeadRecord.js'
import * as Item from './Item.js'
import type { Account } from './TransactionRecord.js'

type Deadline = { deadline?: number | undefined }

/** An account's head: where the next nonce is looked for. */
export function headTable(dynamo: Dynamo) {
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
