import type { Dynamo } from './createDynamo.js'
import * as HeadRecord from './HeadRecord.js'
import * as Item from './Item.js'
import type { Account } from './TransactionRecord.js'

type Deadline = { deadline?: number | undefined }

/** The reconciler's lease: one works, the others leave. */
export function leaseTable(dynamo: Dynamo) {
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
