import { beforeEach, describe, expect, test } from 'vitest'
import {
  createTestTable,
  openSenderParts,
  type SenderParts,
} from '../../../../test/support/senderParts.js'
import type { Ledger } from '../ledger/Ledger.js'

// A ledger that has fallen behind its account, under its own name: another one
// was used in the meantime, or a backup was restored where the table had been.
// It can't tell that from a key that is used elsewhere.

let parts: SenderParts
let other: Ledger

beforeEach(async () => {
  parts = await openSenderParts()
  await parts.newSender().send(parts.request('kept'))
  await parts.node.mine()
  const table = createTestTable(parts.runtime)
  for (const [key, item] of parts.table.items)
    table.items.set(key, structuredClone(item))
  other = table.newLedger()
})

const keys = ['one', 'two', 'three', 'four']
const send = (ledger: Ledger, key: string, value: bigint) =>
  parts.newSender({ ledger }).send(parts.request(key, { value }))
const run = () => {
  parts.pass(3000)
  return parts.newReconciler().run()
}
const repeat = (index: number) =>
  send(parts.ledger, keys[index]!, BigInt(index + 10))

async function fallBehind() {
  for (const [index, key] of keys.entries())
    await send(other, key, BigInt(index + 10))
  await parts.node.mine()
}

describe('a ledger that has fallen behind', () => {
  test('continues by itself, and pays nothing again', async () => {
    await fallBehind()
    await expect(repeat(0)).rejects.toThrow('The ledger is missing')
    for (let runs = 0; runs < 5; runs++) await run()
    expect((await parts.ledger.getHead(parts.account))?.halt).toBe(undefined)
    parts.pass(3000)
    for (const index of keys.keys())
      await expect(repeat(index)).rejects.toThrow(
        'The same transaction was sent before',
      )
    const fresh = await send(parts.ledger, 'new', 77n)
    expect(fresh).toMatchObject({ status: 'sent', nonce: 5 })
    await parts.node.mine()
    expect(parts.node.count()).toBe(6)
  })

  test('pays nothing again if rows were already missing', async () => {
    const { ledger, account } = parts
    await ledger.haltHead(account, { reason: 'missing', below: 1n })
    await fallBehind()
    for (let runs = 0; runs < 6; runs++) await run()
    expect(await ledger.getHead(account)).toMatchObject({
      ...{ halt: undefined, hasAdopted: true },
    })
    parts.pass(3000)
    await expect(repeat(3)).rejects.toThrow(
      'The same transaction was sent before',
    )
  })

  test('also compares with transactions found before it was halted', async () => {
    await send(other, 'one', 10n)
    await parts.node.mine()
    for (let runs = 0; runs < 3; runs++) await run()
    expect((await parts.ledger.getHead(parts.account))?.hasAdopted).toBe(false)
    for (const [index, key] of keys.entries())
      await send(other, `${key}-more`, BigInt(index + 20))
    await parts.node.mine()
    for (let runs = 0; runs < 6; runs++) await run()
    parts.pass(3000)
    await expect(repeat(0)).rejects.toThrow(
      'The same transaction was sent before',
    )
  })
  test('also compares with what took the nonce of its own payment', async () => {
    await send(parts.ledger, 'mine', 99n)
    parts.node.evict()
    await fallBehind()
    for (let runs = 0; runs < 8; runs++) await run()
    expect(
      await parts.newSender().get({ idempotencyKey: 'mine' }),
    ).toMatchObject({ status: 'dropped', reason: { code: 'external-use' } })
    await send(other, 'five', 20n)
    await parts.ledger.haltHead(parts.account, { reason: 'foreign', below: 1n })
    for (let runs = 0; runs < 4; runs++) await run()
    parts.pass(3000)
    await expect(repeat(0)).rejects.toThrow(
      'The same transaction was sent before',
    )
  })

  test('waits for a node that keeps history', async () => {
    await fallBehind()
    await run()
    await parts.node.mineEmpty(10)
    const { truth, lies } = parts.node
    lies.eth_getTransactionCount = (params) => {
      if (Number(params[1]) < 12) throw new Error('missing trie node')
      return truth.eth_getTransactionCount!(params)
    }
    const halt = async () => (await parts.ledger.getHead(parts.account))?.halt
    for (let runs = 0; runs < 4; runs++) await run()
    expect(await halt()).toMatchObject({ reason: 'foreign' })
    delete lies.eth_getTransactionCount
    for (let runs = 0; runs < 4; runs++) await run()
    expect(await halt()).toBe(undefined)
    parts.pass(3000)
    await expect(repeat(3)).rejects.toThrow(
      'The same transaction was sent before',
    )
  })
})
