import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import {
  generateChains,
  generatedChainsFile,
} from '../../../../scripts/generate-networks.mjs'
import { currencyOf, explorerLink } from './explorerLink.js'

test('the table matches the installed viem', () => {
  expect(readFileSync(generatedChainsFile, 'utf8')).toBe(generateChains())
})

test('links to the transaction if there is an explorer', () => {
  expect(explorerLink(11155111, '0xab')).toBe(
    'https://sepolia.etherscan.io/tx/0xab',
  )
  expect(explorerLink(31337, '0xab')).toBeUndefined()
  expect(explorerLink(999, '0xab')).toBeUndefined()
})

test('the currency of an unknown chain is assumed to be ether', () => {
  expect([137, 1, 999].map(currencyOf)).toEqual(['POL', 'ETH', 'ETH'])
})
