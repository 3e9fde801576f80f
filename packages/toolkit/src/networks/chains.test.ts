import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import {
  generateChains,
  generatedChainsFile,
} from '../../../../scripts/generate-networks.mjs'
import { currencyOf, explorerLink } from './explorerLink.js'

test('the table is what the installed viem yields', () => {
  expect(readFileSync(generatedChainsFile, 'utf8')).toBe(generateChains())
})

test('a link leads to the transaction, where there is an explorer', () => {
  expect(explorerLink(11155111, '0xab')).toBe(
    'https://sepolia.etherscan.io/tx/0xab',
  )
  expect(explorerLink(31337, '0xab')).toBeUndefined()
  expect(explorerLink(999, '0xab')).toBeUndefined()
})

test('the currency of a chain that nobody knows is taken for ether', () => {
  expect([137, 1, 999].map(currencyOf)).toEqual(['POL', 'ETH', 'ETH'])
})
