import { describe, expect, test } from 'vitest'
import * as Quote from './Quote.js'

const key = 'ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'
const mnemonic = 'test test test test test test test test test test test junk'

describe('value', () => {
  test('quotes short, harmless values', () => {
    expect(Quote.value(undefined)).toBe('nothing')
    expect(Quote.value(null)).toBe('null')
    expect(Quote.value(true)).toBe('true')
    expect(Quote.value(1.5)).toBe('1.5')
    expect(Quote.value(-0)).toBe('-0')
    expect(Quote.value(12n)).toBe('12')
    expect(Quote.value('a"b\n\u0007')).toBe('"a\\"b\\n\\u0007"')
    expect(Quote.value('\u202eevil\u2028')).toBe('"\\u202eevil\\u2028"')
    expect(Quote.value('\ufe0f\u3164\u{e0041}')).toBe(
      '"\\ufe0f\\u3164\\udb40\\udc41"',
    )
    expect(Quote.value('0x70997970C51812dc3A010C7d01b50e0d17dc79C8')).toBe(
      '"0x70997970C51812dc3A010C7d01b50e0d17dc79C8"',
    )
    expect(Quote.value([1, 2])).toBe('an array of 2 items')
    expect(Quote.value({ a: key })).toBe('an object')
    expect(Quote.value(() => key)).toBe('a function')
  })

  test('cuts long values', () => {
    expect(Quote.value('a-b '.repeat(11))).toMatch(/^text of 22 words$/)
    expect(Quote.value('- '.repeat(50))).toBe(
      `"${'- '.repeat(40)}"... (100 characters)`,
    )
    expect(Quote.value('x'.repeat(6_000_000))).toBe(
      'a string of 6000000 characters',
    )
  })

  test.each([
    [`0x${key}`, 'a hex string of 32 bytes'],
    [key, 'a hex string of 32 bytes without 0x'],
    [key.toUpperCase(), 'a hex string of 32 bytes without 0x'],
    [` ${key}\n`, 'a string of 66 characters'],
    [`key=${key}`, 'a string of 68 characters'],
    [key.slice(1), 'a hex string of 32 bytes without 0x'],
    [key.match(/../g)?.join(':') ?? '', 'text of 32 words'],
    [key.match(/.{8}/g)?.join(' ') ?? '', 'a string of 71 characters'],
    [`${'- '.repeat(30)}${key}`, 'a string of 124 characters'],
    [BigInt(`0x${key}`).toString(), 'a string of 77 digits'],
    [BigInt(`0x${key}`), 'a number of 77 digits'],
    [Buffer.from(key, 'hex').toString('base64'), 'a string of 44 characters'],
    [
      '5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ',
      'a string of 51 characters',
    ],
    [mnemonic, 'text of 12 words'],
    [mnemonic.replaceAll(' ', ','), 'text of 12 words'],
  ])('hides what may be a secret: %s', (secret, quoted) => {
    expect(Quote.value(secret)).toBe(quoted)
  })
})

test('kind never repeats anything', () => {
  expect(Quote.kind('ab')).toBe('a hex string of 1 byte without 0x')
  expect(Quote.kind('-')).toBe('a string of 1 character')
  expect(Quote.kind('1')).toBe('a string of 1 digit')
  expect(Quote.kind('junk')).toBe('a string of 4 characters')
  expect(Quote.kind(171)).toBe('a number')
  expect(Quote.kind(null)).toBe('null')
})

test('name shows identifiers and quotes the rest like values', () => {
  expect(Quote.name('maxFeePerGas')).toBe('maxFeePerGas')
  expect(Quote.name('a b')).toBe('"a b"')
  expect(Quote.name(key)).toBe('a hex string of 32 bytes without 0x')
  expect(Quote.name(mnemonic)).toBe('text of 12 words')
})
