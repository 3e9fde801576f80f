import { readFileSync } from 'node:fs'
import * as chains from 'viem/chains'
import { expect, test } from 'vitest'
import {
  generatedDataFile,
  generateNetworkData,
} from '../../../../scripts/generate-networks.mjs'
import * as NetworkData from './NetworkData.js'
import { networkData } from './networkData.generated.js'
import { networks } from './networks.generated.js'

const gwei = 10n ** 9n

test('the table matches viem and the overlay', () => {
  expect(readFileSync(generatedDataFile, 'utf8')).toBe(generateNetworkData())
})

test('figures of some networks', () => {
  expect(NetworkData.get(networks.mainnet)).toEqual({
    maxGas: 16_777_216n,
    rules: 'prague',
    sidecar: 'eip7594',
    transferGas: 21_000n,
  })
  expect(NetworkData.get(networks.polygon)).toEqual({
    minTip: 25n * gwei,
    maxGas: 33_554_432n,
    transferGas: 21_000n,
  })
  expect(NetworkData.get(networks.bnb).minTip).toBe(50_000_000n)
  expect(NetworkData.get(networks.gnosis).minTip).toBe(gwei)
  expect(NetworkData.get(networks.base)).toEqual({
    maxGas: 16_777_216n,
    rules: 'prague',
    dataFee: 'op-stack',
    transferGas: 21_000n,
  })
  expect(NetworkData.get(networks.mantle)).toEqual({ dataFee: 'op-stack' })
  expect(NetworkData.get(networks.arbitrum)).toEqual({})
  expect(NetworkData.get(networks.local)).toEqual({
    sidecar: 'eip7594',
    transferGas: 21_000n,
  })
})

test('an unknown network has no facts', () => {
  for (const id of [424_242, 999, 0, -1, Number.NaN, 1.5])
    expect(NetworkData.get(id)).toEqual({})
})

test('chains of the OP stack pay for data', () => {
  const named = [
    ...(['base', 'optimism', 'mantle', 'blast', 'mode', 'zora'] as const),
    ...(['worldchain', 'ink', 'unichain', 'soneium', 'fraxtal'] as const),
    ...(['celo', 'opbnb'] as const),
  ]
  for (const name of named)
    expect(`${name} ${NetworkData.get(networks[name]).dataFee}`).toBe(
      `${name} op-stack`,
    )
  for (const chain of Object.values(chains)) {
    const { gasPriceOracle = undefined } = Object(chain.contracts)
    // Of this id, viem has another chain as well.
    if (gasPriceOracle === undefined || chain.id === 999) continue
    expect(NetworkData.get(chain.id).dataFee).toBe('op-stack')
    expect(gasPriceOracle.address.toLowerCase()).toBe(
      NetworkData.feeOracles['op-stack'],
    )
  }
})

test('every figure is plausible', () => {
  for (const { minTip, maxGas, transferGas } of Object.values(networkData)) {
    if (minTip !== undefined) expect(minTip).toBeLessThanOrEqual(25n * gwei)
    if (maxGas !== undefined) expect(maxGas).toBeGreaterThanOrEqual(2n ** 24n)
    expect([undefined, 21_000n]).toContain(transferGas)
  }
})
