import { readFileSync } from 'node:fs'
import type { Rpc } from '@keyward/core/rpc'
import { systemRuntime } from '@keyward/core/rpc'
import { expect, test } from 'vitest'
import { createChain } from '../chain/createChain.js'
import { createMarket } from './createMarket.js'
import * as Fees from './Fees.js'

type Vector = {
  name: string
  feeHistory: { baseFeePerGas: string[] }
  maxPriorityFeePerGas: string
  quoted: Record<'slow' | 'normal' | 'fast', [max: string, tip: string]>
}

const vectors: Vector[] = JSON.parse(
  readFileSync(
    new URL('../../../../test/vectors/fee-histories.json', import.meta.url),
    'utf8',
  ),
)
const caps = { maxFeePerGas: 10n ** 15n, maxTxFee: 10n ** 30n }

/** A node that answers what the vector has. */
function createNode(vector: Vector): Rpc {
  const { feeHistory, maxPriorityFeePerGas } = vector
  const answers: Record<string, unknown> = {
    eth_feeHistory: feeHistory,
    eth_maxPriorityFeePerGas: maxPriorityFeePerGas,
  }
  return {
    chainId: 1,
    request: async (method) => answers[method],
    askEach: async (_, method) => [answers[method]],
    check: async () => [],
  }
}

test('no first attempt costs more than before, or is below the base fee', async () => {
  const dear: string[] = []
  for (const vector of vectors) {
    const chain = createChain(createNode(vector))
    const market = await createMarket(chain, systemRuntime)()
    const baseFee = BigInt(vector.feeHistory.baseFeePerGas.at(-1) ?? 0)
    for (const speed of ['slow', 'normal', 'fast'] as const) {
      const fees = Fees.quote(market, { speed }, 21_000n, caps)
      const [max, tip] = vector.quoted[speed].map(BigInt) as [bigint, bigint]
      if (
        fees.maxFeePerGas * 10n > max * 11n ||
        fees.maxPriorityFeePerGas * 10n > tip * 11n
      )
        dear.push(`${vector.name}, ${speed}`)
      expect(fees.maxFeePerGas).toBeGreaterThanOrEqual(baseFee)
    }
  }
  expect(dear).toEqual([])
  expect(vectors).toHaveLength(88)
})
