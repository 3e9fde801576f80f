import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readNeeded } from './readNeeded.js'

const gwei = 10n ** 9n

test.each([
  [
    'transaction gas price below minimum: gas tip cap 1500000000, minimum needed 25000000000',
    { tip: 25n * gwei },
  ],
  [
    'transaction gas price below minimum: gas tip cap 1 gwei, minimum needed 25 gwei',
    { tip: 25n * gwei },
  ],
  ['transaction underpriced: tip needed 7, tip permitted 0', { tip: 7n }],
  [
    'transaction priority fee below minimum required priority fee 1000000',
    { tip: 1_000_000n },
  ],
  [
    'FeeTooLow, EffectivePriorityFeePerGas too low 10 < 20, BaseFee: 30',
    { tip: 20n },
  ],
  [
    'gas price too low: 18000000000 wei, use at least tx.gasPrice = 19500000000 wei',
    { price: 19_500_000_000n },
  ],
  [
    "Gas price '830000000000' is below configured minimum gas price '950000000000'",
    { price: 950n * gwei },
  ],
  ['upfront gas price of 1 wei below min gas price of 2 wei', { price: 2n }],
  [
    'max fee per gas less than block base fee: address 0x1, maxFeePerGas: 1, baseFee: 2',
    { price: 2n },
  ],
  [
    'this network requires max priority fee per gas higher than 30 gwei',
    { tip: 30n * gwei },
  ],
  ['maxFeePerGas must be higher than 1000000000', { price: gwei }],
  [
    'transaction underpriced: gas tip cap 100000000, minimum needed 1000000000',
    { tip: gwei },
  ],
  [
    'transaction underpriced: minimum priority fee is 25 gwei',
    { tip: 25n * gwei },
  ],
  ['the priority fee must be at least 0.05 gwei', { tip: 50_000_000n }],
  // Whole fees, in the chain's own unit.
  [
    'provided fee < minimum global fee (20000000000000aevmos < 25000000000000aevmos). Please increase the gas price.: insufficient fee',
    { price: 25n * gwei },
  ],
  ['transaction underpriced', {}],
  ['execution reverted: tip needed', {}],
])('%s', (reason, needed) => {
  expect(readNeeded(reason, 20n * gwei)).toEqual(needed)
})

test('no node text is misread', () => {
  const path = '../../../../test/vectors/node-errors.json'
  const text = readFileSync(new URL(path, import.meta.url), 'utf8')
  for (const [message] of text.matchAll(/"(?:message|text)": ?"[^"]*"/g)) {
    const { tip = 1n, price = 1n } = readNeeded(message, gwei)
    expect(tip > 0n && price > 0n && price < 1000n * gwei * 1000n).toBe(true)
  }
})
