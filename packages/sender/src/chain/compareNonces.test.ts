import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareNonces } from './compareNonces.js'

const lower = [
  'lower than',
  'less than',
  'smaller than',
  'below',
  'behind',
  '<',
]
const higher = ['higher than', 'greater than', 'above', 'ahead of', '>']
const ours = ['transaction nonce', 'tx nonce 5', 'the nonce of the transaction']
const theirs = [
  'account nonce',
  'the current nonce of sender',
  'next nonce (7)',
  'state nonce 7',
  'the expected nonce',
]

test('which nonce is compared with which', () => {
  for (const tx of ours)
    for (const account of theirs) {
      for (const word of lower) {
        expect(compareNonces(`${tx} is ${word} ${account}`)).toBe(
          'nonce-too-low',
        )
        expect(compareNonces(`${account} is ${word} ${tx}`)).toBe(
          'nonce-too-high',
        )
        expect(compareNonces(`${tx} must not be ${word} ${account}`)).toBe(
          'nonce-too-low',
        )
      }
      for (const word of higher) {
        expect(compareNonces(`${tx} is ${word} ${account}`)).toBe(
          'nonce-too-high',
        )
        expect(compareNonces(`${account} is ${word} ${tx}`)).toBe(
          'nonce-too-low',
        )
        expect(compareNonces(`${tx} must be ${word} ${account}`)).toBe(
          'nonce-too-low',
        )
      }
    }
})

test.each([
  ['nonce: expected 7, got 5', 'nonce-too-low'],
  ['expected nonce 7, found: 9', 'nonce-too-high'],
  ['nonce 9, want 7', 'nonce-too-high'],
  ['wrong nonce: on-chain nonce is 7, tx nonce is 5', 'nonce-too-low'],
  ['nonce must be at least 7, got 5', 'nonce-too-low'],
  ['nonce 5', undefined],
  ['gas price lower than that of the pending one', undefined],
  ['gas price must rise by at least 10 percent to replace nonce 5', undefined],
])('%s', (reason, expected) => {
  expect(compareNonces(reason)).toBe(expected)
})

test('any text is read quickly', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 300 }), (text) => {
      compareNonces(`nonce ${text}`)
    }),
  )
  const start = performance.now()
  for (const part of ['nonce ', 'nonce 1 ', 'lower than ', '<', 'not ', '1'])
    compareNonces(`nonce ${part.repeat(2000)}`)
  expect(performance.now() - start).toBeLessThan(500)
})
