import { expect, test } from 'vitest'
import * as SafeFile from './SafeFile.js'

const address = (digit: string) => `0x${digit.repeat(40)}` as const
const word = (digit: string) => `0x${digit.repeat(64)}` as const
const file: SafeFile.SafeFile = {
  domain: { chainId: 1, safe: address('a') },
  pins: {
    singleton: address('b'),
    singletonCodeHash: word('1'),
    codeHash: word('2'),
    owners: [address('c'), address('d')],
    threshold: 2,
    modules: [],
    guard: address('0'),
    fallbackHandler: address('e'),
  },
}
const json = JSON.parse(JSON.stringify(SafeFile.toJson(file)))

test('a file is read as written, with checksums for people', () => {
  expect(SafeFile.fromJson(json)).toEqual(file)
  expect(json.safe).toBe('0xaAaAaAaaAaAaAaaAaAAAAAAAAaaaAaAaAaaAaaAa')
})

test.each<[string, object, string]>([
  ['another version', { version: 2 }, 'version: got 2; allowed: 1'],
  ['no version', { version: undefined }, 'version: is missing'],
  ['an unknown field', { owner: 1 }, 'owner: is not a known field'],
  ['the zero address', { safe: address('0') }, 'safe: got'],
  [
    'a mistyped address',
    { safe: '0xaAaAaAaaAaAaAaaAaAAAAAAAAaaaAaAaAaaAaaAA' },
    'an address with a correct EIP-55 checksum',
  ],
  ['no pins', { pins: undefined }, 'pins: is missing'],
  ['part of the pins', { pins: { ...json.pins, guard: undefined } }, 'guard'],
  [
    'a threshold of 0',
    { pins: { ...json.pins, threshold: 0 } },
    'pins.threshold: got 0',
  ],
])('%s is refused', (_, change, reason) => {
  expect(() => SafeFile.fromJson({ ...json, ...change })).toThrow(reason)
})
