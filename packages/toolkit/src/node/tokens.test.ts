import { getAddress } from 'viem'
import * as chains from 'viem/chains'
import { expect, test } from 'vitest'
import { chainsWithTokens, nativeName, wellKnown } from './tokens.js'

test.each(chainsWithTokens)('tokens of chain %i are written right', (id) => {
  const tokens = wellKnown(id)
  for (const { symbol, decimals, address } of tokens) {
    expect(address).toBe(getAddress(address.toLowerCase()))
    expect(symbol).toMatch(/^[A-Za-z.]{2,8}$/)
    expect([6, 8, 18]).toContain(decimals)
  }
  const addresses = tokens.map(({ address }) => address)
  expect(new Set(addresses).size).toBe(addresses.length)
})

test('native currencies are called as viem calls them', () => {
  for (const id of chainsWithTokens) {
    const chain = Object.values(chains).find((each) => each.id === id)
    const { symbol } = chain?.nativeCurrency ?? {}
    expect({ id, name: nativeName(id) }).toEqual({
      id,
      name: symbol === 'ETH' ? 'ether' : symbol,
    })
  }
})

test('chains without a list have no tokens, and ether', () => {
  expect(wellKnown(31337)).toEqual([])
  expect(nativeName(31337)).toBe('ether')
})
