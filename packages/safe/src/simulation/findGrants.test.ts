import type { Hex } from '@keyward/core'
import type { Rpc } from '@keyward/core/rpc'
import { Contracts, encodeCall, explain, toWord } from '@keyward/guard/calls'
import { expect, test } from 'vitest'
import { withoutStated } from './findGrants.js'
import { topic } from './logs.js'
import type { Trial } from './Simulation.js'

const safe: Hex = `0x${'5a'.repeat(20)}`
const token: Hex = `0x${'aa'.repeat(20)}`
const [spender, other] = [
  `0x${'01'.repeat(20)}`,
  `0x${'02'.repeat(20)}`,
] as const
const word = (hex: Hex): Hex => `0x${hex.slice(2).padStart(64, '0')}`

test('an approval counts as stated only for its own spender', async () => {
  const data = encodeCall(Contracts.approve, [spender, 100n])
  const call = explain({
    ...{ from: safe, to: token },
    value: 0n,
    data,
    operation: 0,
  })
  const trial = { domain: { safe }, state: { block: 1n } } as unknown as Trial
  // Nothing was approved before.
  const rpc = { request: async () => word('0x0') } as unknown as Rpc
  const log = (who: Hex, amount: bigint) => ({
    ...{ address: token, data: `0x${toWord(amount)}` as Hex },
    topics: [
      topic('Approval(address,address,uint256)'),
      ...[safe, who].map(word),
    ],
  })
  const left = async (...logs: ReturnType<typeof log>[]) =>
    (await withoutStated(rpc, trial, call, logs)).length
  expect(await left(log(spender, 100n))).toBe(0)
  expect(await left(log(spender, 101n))).toBe(1)
  expect(await left(log(other, 100n))).toBe(1)
})

test('a contract that logs approvals without end is asked about 200 of them', async () => {
  const trial = { domain: { safe }, state: { block: 1n } } as unknown as Trial
  const call = explain({
    ...{ from: safe, to: token, value: 0n, data: '0x', operation: 0 },
  })
  let asked = 0
  const request = async () => {
    asked++
    // As much as each log says was approved before.
    return word('0x64')
  }
  const rpc = { request } as unknown as Rpc
  const log = {
    ...{ address: token, data: `0x${toWord(100n)}` as Hex },
    topics: [
      topic('Approval(address,address,uint256)'),
      ...[safe, other].map(word),
    ],
  }
  const logs = Array.from({ length: 20_000 }, () => log)
  expect(await withoutStated(rpc, trial, call, logs)).toHaveLength(19_800)
  expect(asked).toBe(200)
})
