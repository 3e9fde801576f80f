import { expect, test } from 'vitest'
import { toProvider } from './toProvider.js'

test.each([
  ['https://eth-mainnet.g.alchemy.com/v2/key', 'alchemy.com'],
  ['https://polygon-mainnet.g.alchemy.com', 'alchemy.com'],
  ['https://rpc.example.co.uk/x', 'example.co.uk'],
  ['https://rpc.example.io:8545', 'example.io'],
  ['https://rpc.example.io.', 'example.io'],
  ['http://127.0.0.1:8545', '127.0.0.1:8545'],
  ['http://127.0.0.1:8546', '127.0.0.1:8546'],
  ['http://[::1]:8545', '[::1]:8545'],
  ['http://localhost:8545', 'localhost:8545'],
  ['http://node:8545', 'node:8545'],
])('%s is of %s', (url, provider) => {
  expect(toProvider(new URL(url))).toBe(provider)
})
