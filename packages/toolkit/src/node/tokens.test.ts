import { getAddress } from 'viem'
import { expect, test } from 'vitest'
import { chainsWithTokens, wellKnown } from './tokens.js'

test.each(chainsWithTokens)('tokens of chain %i are valid', (id) => {
  const tokens = wellKnown(id)
  for (const { symbol, decimals, address } of tokens) {
    expect(address).toBe(getAddress(address.toLowerCase()))
    expect(symbol).toMatch(/^[A-Za-z.]{2,8}$/)
    expect([6, 8, 18]).toContain(decimals)
  }
  const addresses = tokens.map(({ address }) => address)
  expect(new Set(addresses).size).toBe(addresses.length)
})

test('chains without a list have no tokens', () => {
  expect(wellKnown(31337)).toEqual([])
})
