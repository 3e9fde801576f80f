import { type ListWire, Operation, perform } from '@keyward/sender'
import { beforeEach, expect, test } from 'vitest'
import {
  openSenderParts,
  type SenderParts,
} from '../../../../test/support/senderParts.js'
import { searchList } from './searchList.js'

// Payments whose blocks the ledger hasn't recorded, so that the chain shows
// other statuses than the ledger.

let parts: SenderParts
beforeEach(async () => {
  parts = await openSenderParts()
})
const options = {
  ...{ limit: undefined, after: undefined, status: undefined },
  since: undefined,
}
async function send(key: string) {
  await parts.newSender().send(parts.request(key))
  parts.pass(5000)
}
function search(given: Partial<Parameters<typeof searchList>[2]>) {
  const sender = parts.newSender()
  return searchList(
    {
      list: (fields) => {
        const event = { ...fields, operation: 'list' }
        const limits = { chainId: 31337, allowCreation: true }
        const asked = Operation.fromEvent(event, limits)
        return perform(sender, asked as { operation: 'list' }, {})
      },
    },
    (items) =>
      Promise.all(
        items.map(async (item) => {
          const transactionId = item.transaction_id
          const { status } = await sender.get({ transactionId })
          return { ...item, status }
        }),
      ),
    { ...options, ...given },
  )
}
const keysOf = ({ listed }: { listed: ListWire }) =>
  listed.transactions.map((each) => each.idempotency_key)

test('a status is the one that the chain shows, not that of the ledger', async () => {
  await send('one')
  await parts.node.mine()
  await send('two')
  expect(keysOf(await search({ status: 'sent' }))).toEqual(['two'])
  expect(keysOf(await search({ status: 'mined' }))).toEqual(['one'])
})

test('a limit counts the found ones, and next continues after the last', async () => {
  for (const key of ['one', 'two', 'three', 'four']) await send(key)
  const { listed } = await search({ status: 'sent', limit: 2 })
  expect(keysOf({ listed })).toEqual(['four', 'three'])
  const after = listed.next ?? undefined
  const rest = await search({ status: 'sent', limit: 2, after })
  expect(keysOf(rest)).toEqual(['two', 'one'])
  expect(rest.listed.next).toBeNull()
  const all = await search({ status: 'replaced', limit: 2 })
  expect(all).toEqual({
    listed: { transactions: [], next: null },
    readCount: 4,
  })
})

test('a search without a match ends, and says where to continue', async () => {
  await send('one')
  const { transactions } = (await search({ status: 'sent' })).listed
  const next = `1-${'ab'.repeat(20)}`
  const endless = async () => ({ transactions, next })
  const asIs = async <items>(items: items) => items
  const given = { ...options, status: 'replaced' }
  expect(await searchList({ list: endless }, asIs, given)).toEqual({
    listed: { transactions: [], next },
    readCount: 10,
  })
})
