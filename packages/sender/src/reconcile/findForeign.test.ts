import { beforeEach, describe, expect, test } from 'vitest'
import {
  createTestKey,
  createTestNode,
  type TestNode,
  toRpcFields,
} from '../../../../test/support/senderParts.js'
import { createChain } from '../chain/createChain.js'
import type { Account } from '../ledger/TransactionRecord.js'
import { findForeign, firstOf } from './findForeign.js'

const { sign, getAccount } = createTestKey()
const deadline = Number.MAX_SAFE_INTEGER

let account: Account
let node: TestNode
beforeEach(async () => {
  account = await getAccount()
  node = createTestNode()
})

const find = (nonce: bigint, block: bigint) =>
  findForeign(
    { chain: createChain(node.rpc), account },
    { nonce, block, deadline },
  )

describe('a transaction that used a nonce', () => {
  test.each([0, 1, 5, 31, 100])('is found %s blocks below', async (depth) => {
    const raw = await sign({ nonce: 1n, value: 9n })
    await node.mineEmpty(3)
    await node.mine(await sign({ nonce: 0n }), raw)
    await node.mineEmpty(depth)
    const found = await find(1n, BigInt(4 + depth))
    expect(found).toMatchObject({ raw, nonce: 1n, value: 9n })
    const counts = node.asked.filter((name) => name.endsWith('Count'))
    expect(counts.length).toBeLessThan(20)
  })

  test('in the first block of a chain', async () => {
    const raw = await sign()
    node.lies.eth_getTransactionCount = () => '0x1'
    const fields = await toRpcFields(raw)
    node.lies.eth_getBlockByNumber = ([block]) =>
      block === '0x0' ? { transactions: [fields] } : { transactions: [] }
    expect((await find(0n, 3n))?.raw).toBe(raw)
  })

  test('is not found while the nonce is unused', async () => {
    await node.mineEmpty(3)
    expect(await find(0n, 3n)).toBe(undefined)
    expect(node.asked).toEqual(['eth_getTransactionCount'])
  })
})

describe('a false claim by a node', () => {
  const listed = async (...fields: object[]) => {
    await node.mine(await sign())
    node.lies.eth_getBlockByNumber = () => ({ transactions: fields })
    return find(0n, 1n)
  }

  test('bytes of another key in our name', async () => {
    const other = await toRpcFields(await createTestKey(2n).sign())
    expect(await listed({ ...other, from: account.address })).toBe(undefined)
  })

  test('another nonce or value than was signed', async () => {
    const own = await toRpcFields(await sign({ nonce: 4n }))
    expect(await listed({ ...own, nonce: '0x0' })).toBe(undefined)
    const paid = await toRpcFields(await sign())
    expect(await listed({ ...paid, value: '0x6' })).toBe(undefined)
  })

  test('our own is found among unreadable ones', async () => {
    const raw = await sign()
    const fields = await toRpcFields(raw)
    const found = await listed(
      { nonce: null },
      { ...fields, r: '0x1' },
      { ...fields, type: '0x7f', hash: 'none' },
      fields,
    )
    // An answer that is damaged says nothing at all.
    expect(found).toBe(undefined)
    const other = { ...fields, type: '0x7f' }
    expect(
      (await listed({ nonce: null }, { ...fields, r: '0x1' }, other, fields))
        ?.raw,
    ).toBe(raw)
  })

  test("a chain's own types are requested as bytes", async () => {
    const raw = await sign()
    const fields = await toRpcFields(raw)
    node.lies.eth_getRawTransactionByHash = () =>
      raw.toUpperCase().replace('0X', '0x')
    expect((await listed({ ...fields, type: '0x7e' }))?.raw).toBe(raw)
    node.lies.eth_getRawTransactionByHash = () => '0x'
    expect(await listed({ ...fields, type: '0x7e' })).toBe(undefined)
  })

  test('a node without old states shows nothing', async () => {
    await node.mine(await sign())
    await node.mineEmpty(200)
    const truth = createTestNode()
    await truth.mine(await sign())
    node.lies.eth_getTransactionCount = ([, block]) => {
      if (Number(block) < 100) throw new Error('missing trie node')
      return '0x1'
    }
    expect(await find(0n, 201n)).toBe(undefined)
  })
})

test('the first bytes that are ours', async () => {
  const raws = [
    '0x00' as const,
    await createTestKey(2n).sign({ nonce: 3n }),
    await sign({ nonce: 4n }),
    await sign({ nonce: 3n }),
  ]
  expect((await firstOf(raws, account, 3n))?.raw).toBe(raws[3])
  expect(await firstOf(raws, account, 5n)).toBe(undefined)
  expect(await firstOf([], account, 5n)).toBe(undefined)
})
