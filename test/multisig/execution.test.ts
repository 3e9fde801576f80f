import type { Hex } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  cosign,
  prepareExecution,
  review,
  SafeTransaction,
} from '../../packages/safe/src/index.js'
import { executeElsewhere } from '../support/safe/executeElsewhere.js'
import { openSafeChain, type SafeChain } from '../support/safe/openSafeChain.js'
import { createOwners, openSafe } from '../support/safe/owners.js'

let chain: SafeChain
beforeAll(async () => {
  chain = await openSafeChain()
})
afterAll(() => chain?.close())

test('a transaction that is executed during the review is not dangerous', async () => {
  const all = await createOwners(3)
  const owners = all.map(({ address }) => address)
  const { domain, rpc, review: options } = await openSafe(chain, { owners })
  // A second time, the Safe could not pay this.
  const value = 15n * 10n ** 17n
  const to: Hex = `0x${'aa'.repeat(20)}`
  const transaction = SafeTransaction.create({ to, value, nonce: 0n })
  const seen = await review(domain, transaction, options)
  const signatures = await Promise.all(
    all.slice(0, 2).map(({ key }) => cosign(key, seen)),
  )
  const { safeTx } = seen.hashes
  const proposal = { domain, transaction, safeTx, signatures }
  let looks = 0
  const slow: typeof rpc = {
    ...rpc,
    request: async (method, params, ...rest) => {
      // The second block is the one that the review looks at.
      if (method === 'eth_blockNumber' && ++looks === 2)
        await executeElsewhere({ chain, owners }, proposal)
      return rpc.request(method, params, ...rest)
    },
  }
  const { pins } = options
  const file = { domain, pins }
  const relayer = `0x${'bd'.repeat(20)}`
  const prepared = { rpc: slow, file, proposal, relayer, rules: {} }
  expect(await prepareExecution(prepared)).toMatchObject({ outcome: 'success' })
  expect(looks).toBe(2)
})
