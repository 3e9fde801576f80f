import type { Plan } from '@keyward/toolkit/sweep'
import { expect, test } from 'vitest'
import { sweptResult } from './sweptResult.js'

const plan: Plan.Plan = {
  ...{ from: '0x1', to: '0x2', destination: 'account', network: 'mainnet' },
  ...{ chainId: 1, nonce: 0n, tokens: [], tokenFees: 0n, skipped: [] },
  native: {
    ...{ balance: 0n, value: 0n, fee: 0n, gas: 0n, feePerGas: 0n },
    ...{ reserve: 0n, isExact: true },
  },
}
const left = {
  ...{ wei: 0n, nonce: 0n, waiting: 0n },
  ...{ network: 'mainnet', chainId: 1, tokens: [], tokensAsked: 0 },
}

test('a refusal of several lines stays in its column', () => {
  const stopped = `No rule allows this request, which would:
- pay 3 ETH to 0x7099...79C8
Nothing was signed. Change the request, or deploy a policy that allows it.`
  const { text } = sweptResult(plan, { moves: [], stopped, left }, 60)
  // It comes first.
  expect(text.slice(0, text.indexOf('\nleft'))).toBe(
    `STOPPED  No rule allows this request, which would:
         - pay 3 ETH to 0x7099...79C8
         Nothing was signed. Change the request, or deploy a
         policy that allows it.`,
  )
})
