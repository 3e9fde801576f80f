import { expect, test } from 'vitest'
import * as AccessListField from './AccessListField.js'
import * as AddressField from './AddressField.js'
import * as AuthorizationField from './AuthorizationField.js'
import * as BlobField from './BlobField.js'
import * as ChainId from './ChainId.js'
import * as EtherAmount from './EtherAmount.js'
import * as Fields from './Fields.js'
import * as HexField from './HexField.js'
import type { Parser } from './Parser.js'
import * as Problems from './Problems.js'
import * as Quantity from './Quantity.js'

/** What a parser makes of a value: the value, or the lines of its refusal. */
function run<value>(parser: Parser<value>, value: unknown): unknown {
  const problems = Problems.create('test')
  const parsed = parser(value, 'f', problems)
  try {
    problems.assertNone()
  } catch (error) {
    return (error as Problems.InvalidRequestError).problems.map(
      ({ path, problem }) => `${path}: ${problem}`,
    )
  }
  return parsed
}

const address = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const lower = address.toLowerCase()
const word = `0x${'ab'.repeat(32)}`

test('quantities', () => {
  expect(run(Quantity.uint256, 0)).toBe(0n)
  expect(run(Quantity.uint256, Number.MAX_SAFE_INTEGER)).toBe(2n ** 53n - 1n)
  expect(run(Quantity.uint256, (2n ** 256n - 1n).toString())).toBe(
    2n ** 256n - 1n,
  )
  expect(run(Quantity.uint256, `0x${'f'.repeat(63)}`)).toBe(2n ** 252n - 1n)
  // As long as a private key.
  expect(run(Quantity.uint256, `0x${'f'.repeat(64)}`)).toMatchInlineSnapshot(`
    [
      "f: got a hex string of 32 bytes; allowed: an integer from 0 to 2^256-1, as a decimal or 0x string, or a number up to 2^53-1; 64 hex digits may be a private key, so write such a number in decimal",
    ]
  `)
  expect(run(Quantity.nonce, '18446744073709551614')).toBe(2n ** 64n - 2n)
  expect(run(Quantity.nonce, '18446744073709551615')).toEqual([
    'f: got "18446744073709551615"; allowed: an integer from 0 to 2^64-2, as a decimal or 0x string, or a number up to 2^53-1',
  ])
  const refused = [
    2 ** 53,
    -1,
    -0,
    1.5,
    Number.NaN,
    '',
    ' 1',
    '1 ',
    '+1',
    '-1',
    '01',
    '1e3',
    '1.0',
    '1_000',
    '0x',
    '0X1',
    '0xg',
    `0x1${'0'.repeat(64)}`,
    (2n ** 256n).toString(),
    true,
    null,
    [],
    [1],
    {},
    undefined,
  ]
  for (const value of refused)
    expect(run(Quantity.uint256, value)).toHaveLength(1)
})

test('amounts in ether', () => {
  expect(run(EtherAmount.parse, '0.000000000000000001')).toBe(1n)
  expect(run(EtherAmount.parse, 0.1)).toBe(10n ** 17n)
  expect(run(EtherAmount.parse, 1e-18)).toBe(1n)
  expect(run(EtherAmount.parse, 1e21)).toBe(10n ** 39n)
  expect(run(EtherAmount.parse, 0.30000000000000004)).toEqual([
    'f: got 0.30000000000000004; allowed: an amount in ether as a string such as "0.1", with at most 18 decimals, or a number of at most 15 significant digits',
  ])
  const max = EtherAmount.fromWei(Quantity.maxUint256)
  expect(run(EtherAmount.parse, max)).toBe(Quantity.maxUint256)
  const above = EtherAmount.fromWei(Quantity.maxUint256 + 1n)
  expect(run(EtherAmount.parse, above)).toEqual([
    'f: got a string of 79 characters; allowed: at most 2^256-1 wei',
  ])
  const refused = [
    '',
    '.5',
    '5.',
    '-1',
    '+1',
    '1e3',
    '01',
    '1,5',
    '1 ',
    '0x1',
    '0.0000000000000000001',
    '1.1234567890123456789',
    1e-19,
    -1,
    -0,
    Number.POSITIVE_INFINITY,
    1.2345678901234567,
    1n,
    null,
    [],
    {},
    true,
  ]
  for (const value of refused)
    expect(run(EtherAmount.parse, value)).toHaveLength(1)
})

test('addresses', () => {
  expect(run(AddressField.parse, address)).toBe(lower)
  expect(run(AddressField.parse, lower)).toBe(lower)
  const digits = `0x${'1'.repeat(40)}`
  expect(run(AddressField.parse, digits)).toBe(digits)
  expect(run(AddressField.parse, address.replace('C5', 'c5'))).toEqual([
    'f: got "0x70997970c51812dc3A010C7d01b50e0d17dc79C8"; allowed: an address with a correct EIP-55 checksum, or one in lower case (check the address: a wrong checksum usually means a typo)',
  ])
  const upper = `0x${address.slice(2).toUpperCase()}`
  expect(run(AddressField.parse, upper)).toHaveLength(1)
  // The checksum of this address happens to be all upper case (EIP-55).
  const legitimate = '0x52908400098527886E0F7030069857D2E4169EE7'
  expect(run(AddressField.parse, legitimate)).toBe(legitimate.toLowerCase())
  for (const value of [
    lower.slice(2),
    `${lower}0`,
    lower.slice(0, -1),
    'x.eth',
    5,
    null,
    '',
    `0X${lower.slice(2)}`,
  ])
    expect(run(AddressField.parse, value)).toHaveLength(1)
  const zero = `0x${'0'.repeat(40)}`
  expect(run(AddressField.parse, zero)).toBe(zero)
  expect(run(AddressField.parseNonZero, zero)).toHaveLength(1)
})

test('hex data', () => {
  expect(run(HexField.data, '0x')).toBe('0x')
  expect(run(HexField.data, '0xABcd')).toBe('0xabcd')
  for (const value of ['', '0', 'ab', '0xa', '0xzz', '0x 1', 5, null, []])
    expect(run(HexField.data, value)).toHaveLength(1)
  const max = `0x${'00'.repeat(131_072)}`
  expect(run(HexField.data, max)).toBe(max)
  expect(run(HexField.data, `${max}00`)).toEqual([
    'f: got a hex string of 131073 bytes; allowed: 0x and an even number of hex digits, at most 131072 bytes',
  ])
  expect(run(HexField.bytes(4_000_000), `0x${'g'.repeat(6_000_000)}`)).toEqual([
    'f: got a string of 6000002 characters; allowed: 0x and an even number of hex digits, at most 4000000 bytes',
  ])
})

test('chain ids', () => {
  expect(run(ChainId.parse, '0xaa36a7')).toBe(11155111)
  expect(run(ChainId.parse, 2 ** 53 - 1)).toBe(2 ** 53 - 1)
  expect(run(ChainId.parse, 0)).toHaveLength(1)
  expect(run(ChainId.parse, '9007199254740992')).toHaveLength(1)
  expect(run(ChainId.parseOrAny, 0)).toBe(0)
})

test('access lists name every wrong item', () => {
  const good = [{ address, storageKeys: [word] }]
  expect(run(AccessListField.parse, good)).toEqual([
    { address: lower, storageKeys: [word] },
  ])
  const wrong = [
    { address, storageKeys: ['0x1', word] },
    { address: 'x', keys: [] },
    null,
    7,
  ]
  expect(run(AccessListField.parse, wrong)).toEqual([
    'f[0].storageKeys[0]: got a hex string of 1 byte; allowed: 0x and 64 hex digits',
    'f[1].keys: is not a known field; known fields: address, storageKeys',
    'f[1].address: got "x"; allowed: an address (0x followed by 40 hex digits, all lowercase or with its EIP-55 checksum)',
    'f[1].storageKeys: got nothing; allowed: an array'.replace(
      'got nothing',
      'is missing',
    ),
    'f[2]: got null; allowed: a JSON object',
    'f[3]: got a number; allowed: a JSON object',
  ])
})

test('a key or mnemonic spread over an array is not repeated', () => {
  const bytes = [...Buffer.from(word.slice(2), 'hex')]
  const words =
    'legal winner thank year wave sausage worth useful legal winner thank yellow'.split(
      ' ',
    )
  for (const list of [bytes, words, words.map((w) => `0x${w}`)]) {
    const lines = run(AccessListField.parse, list) as string[]
    expect(lines.join()).not.toMatch(/171|winner|yellow/)
    const keys = run(AccessListField.parse, [{ address, storageKeys: list }])
    expect(String(keys)).not.toMatch(/171|winner|yellow/)
  }
})

test('authorisations', () => {
  const good = {
    address,
    chainId: 0,
    nonce: '0',
    r: '0x1',
    s: '0x2',
    yParity: 1,
  }
  const parsed = {
    address: lower,
    chainId: 0,
    nonce: 0n,
    r: `0x${'1'.padStart(64, '0')}`,
    s: `0x${'2'.padStart(64, '0')}`,
    yParity: 1,
  }
  expect(run(AuthorizationField.parseList, [good])).toEqual([parsed])
  expect(run(AuthorizationField.parseList, [{ ...good, v: 28 }])).toEqual([
    parsed,
  ])
  expect(run(AuthorizationField.parseList, [])).toHaveLength(1)
  expect(
    run(AuthorizationField.parseList, [
      { ...good, v: 27 },
      { ...good, r: 0, s: `0x${'f'.repeat(64)}`, yParity: 27 },
    ]),
  ).toEqual([
    'f[0].v: has a different parity than yParity',
    'f[1].yParity: got 27; allowed: an integer from 0 to 1, as a number, or as a decimal or 0x string',
    'f[1].r: got a number; allowed: an integer from 1 to 115792089237316195423570985008687907852837564279074904382605163141518161494336, as a decimal or 0x string, or a number up to 2^53-1',
    'f[1].s: got a hex string of 32 bytes; allowed: an integer from 1 to 57896044618658097711785492504343953926418782139537452191302581570759080747168, as a decimal or 0x string, or a number up to 2^53-1',
  ])
})

test('blob hashes', () => {
  const hash = `0x01${'ab'.repeat(31)}`
  expect(run(BlobField.parseHashes, [hash])).toEqual([hash])
  expect(run(BlobField.parseHashes, [])).toHaveLength(1)
  expect(run(BlobField.parseHashes, [word])).toEqual([
    'f[0]: is not a version 1 hash; allowed: 0x01 followed by 62 hex digits',
  ])
})

test('own __proto__ fields from JSON are unknown, inherited ones absent', () => {
  const problems = Problems.create('event')
  const value = JSON.parse('{"__proto__":{"nonce":1},"a":1}')
  const fields = Fields.open(value, ['a', 'nonce', 'toString'], '', problems)
  expect(fields?.raw('nonce')).toBeUndefined()
  expect(fields?.raw('toString')).toBeUndefined()
  expect(() => problems.assertNone()).toThrowErrorMatchingInlineSnapshot(`
    [InvalidRequestError: The event was refused: 1 problem.
    - __proto__: is not a known field; known fields: a, nonce, toString
    See docs/errors/invalid-request.md]
  `)
})

test('the message lists 20 problems and counts the rest', () => {
  const problems = Problems.create('event')
  for (let i = 0; i < 25; i++) problems.wrong(`f${i}`, i, 'x')
  try {
    problems.assertNone()
  } catch (error) {
    const { message, name, code } = error as Problems.InvalidRequestError
    expect({ name, code, lines: message.split('\n').length }).toEqual({
      name: 'InvalidRequestError',
      code: 'invalid-request',
      lines: 23,
    })
    expect(message).toMatch(
      /^The event was refused: 25 problems\.\n- f0: got 0; allowed: x\n/,
    )
    expect(message).toMatch(
      /\n- and 5 more\nSee docs\/errors\/invalid-request\.md$/,
    )
    return
  }
  expect.unreachable()
})
