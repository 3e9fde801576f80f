import { Transaction } from '@keyward/core'
import { RpcResponseError } from '@keyward/core/rpc'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  createTestKey,
  toRpcFields,
} from '../../../../test/support/senderParts.js'
import { soak } from '../../../../test/support/tools.js'
import { toRaw } from './toRaw.js'

const { sign } = createTestKey()
const accessList = [
  { address: `0x${'11'.repeat(20)}`, storageKeys: [`0x${'22'.repeat(32)}`] },
]
const fees = { maxFeePerGas: 9n, maxPriorityFeePerGas: 0n }
const kinds: [string, object][] = [
  ['legacy', {}],
  ['legacy, of the largest chain', { chainId: Transaction.maxLegacyChainId }],
  ['a creation', { to: undefined, data: '0x6001', value: 0n }],
  ['EIP-2930', { type: 'eip2930', accessList }],
  ['EIP-2930 without a list', { type: 'eip2930', accessList: [] }],
  ['EIP-1559', { type: 'eip1559', ...fees, gasPrice: undefined, accessList }],
  [
    'EIP-1559 with data',
    {
      type: 'eip1559',
      ...fees,
      gasPrice: undefined,
      accessList: [],
      nonce: 2n ** 64n - 2n,
      data: `0x${'ab'.repeat(1000)}`,
    },
  ],
]

describe('a transaction listed by a node gives the signed bytes', () => {
  test.each(kinds)('%s', async (_, kind) => {
    const raw = await sign(kind)
    const fields = await toRpcFields(raw)
    expect(toRaw(fields, 'method')).toBe(raw)
    // As other nodes write it.
    const { yParity: _yParity, ...withoutParity } = fields
    expect(toRaw(withoutParity, 'method')).toBe(raw)
    const { accessList: _list, chainId: _chain, ...legacy } = fields
    if (fields.type === '0x0') expect(toRaw(legacy, 'method')).toBe(raw)
    if (fields.type === '0x0')
      expect(toRaw({ ...legacy, type: null }, 'method')).toBe(raw)
  })
})

test('types that are never signed here', async () => {
  const fields = await toRpcFields(await sign())
  expect(toRaw({ ...fields, type: '0x3' }, 'method')).toBe(undefined)
  expect(toRaw({ ...fields, type: '0x7e' }, 'method')).toBe(undefined)
  expect(toRaw({ ...fields, v: '0x1b' }, 'method')).toBe(undefined)
})

test('any other field value gives bytes, nothing, or a damaged answer', async () => {
  const good = await Promise.all(
    kinds.map(async ([, kind]) => toRpcFields(await sign(kind))),
  )
  const junk = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.bigInt({ min: 0n, max: 2n ** 256n }).map((n) => `0x${n.toString(16)}`),
    fc.constantFrom('0x', '0x0', null, undefined, -1, `0x${'f'.repeat(64)}`),
  )
  const names = [...new Set(good.flatMap((fields) => Object.keys(fields)))]
  fc.assert(
    fc.property(
      fc.constantFrom(...good),
      fc.dictionary(fc.constantFrom(...names), junk, { maxKeys: 3 }),
      (fields, wrong) => {
        try {
          const raw = toRaw({ ...fields, ...wrong }, 'method')
          return raw === undefined || /^0x[0-9a-f]+$/.test(raw)
        } catch (error) {
          return error instanceof RpcResponseError
        }
      },
    ),
    { numRuns: soak ? 1000 : 100 },
  )
})
