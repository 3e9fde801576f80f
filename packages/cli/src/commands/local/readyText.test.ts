import { expect, test } from 'vitest'
import { readyText } from './readyText.js'

test('a key that does not sign says why', () => {
  const key = { keyId: 'k', arn: 'a', address: '0x12' }
  const keys = [
    { ...key, alias: 'alias/one', state: 'Enabled' as const },
    { ...key, alias: null, state: 'PendingDeletion' as const },
    { ...key, alias: null, address: null, state: 'PendingImport' as const },
  ]
  const home = { endpoint: 'e', rpcUrl: null, keys, functions: [] }
  const lines = readyText(home, '/home', true).split('\n')
  expect(lines.filter((line) => line.startsWith('key '))).toEqual([
    'key           alias/one  0x12',
    'key           k  0x12  (its deletion is scheduled)',
    'key           k  no address  (waits for its key material)',
  ])
})
