import { maskHex, maskSecrets, quote } from '@keyward/core/errors'
import {
  assertDelegationAllowed,
  delegationText,
  formatEther,
  shellQuote,
  shellWord,
  Target,
  toColumns,
} from '@keyward/toolkit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toFaults } from './commands/local/faultInputs.js'
import { describeError } from './errors/describeError.js'
import { styleFor } from './terminal/Terminal.js'

const secret =
  'ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'
const phrase = 'test test test test test test test test test test test junk'

describe('secrets', () => {
  test('keys and phrases become kind and length, wherever they stand', () => {
    expect(maskSecrets(`a ${secret} b 0x${secret.toUpperCase()}`)).toBe(
      'a <64 hex digits> b <64 hex digits>',
    )
    expect(quote(phrase)).toBe('"<12 words>"')
    expect(quote(phrase.replaceAll(' ', '\n').toUpperCase())).toBe(
      '"<12 words>"',
    )
  })

  test('keys in groups and phrases of any alphabet, too', () => {
    const bytes = secret.match(/../g) ?? []
    for (const separator of [' ', ':', '-', ', ', ',0x'])
      expect(quote(bytes.join(separator))).toBe('"<64 hex digits>"')
    expect(quote(`0x${secret.match(/.{8}/g)?.join('_')}`)).toBe(
      '"<64 hex digits>"',
    )
    const french = 'abaisser abandon abdiquer abeille abolir aborder abréger'
    expect(quote(`${french} absence abusif académie acajou accéder`)).toBe(
      '"<12 words>"',
    )
    expect(quote('的 一 是 在 不 了 有 和 人 这 中 大')).toBe('"<12 words>"')
  })

  test('what does not show is escaped', () => {
    expect(quote('\u007f\u009b\u202e\u200b\u2028\u{e0041}')).toBe(
      '"\\u007f\\u009b\\u202e\\u200b\\u2028\\udb40\\udc41"',
    )
  })

  test('other values are escaped and cut to 80 characters', () => {
    expect(quote('a"\u001b[31m')).toBe('"a\\"\\u001b[31m"')
    expect(quote('x'.repeat(81))).toBe(`"${'x'.repeat(80)}…"`)
  })

  test('addresses and prose stay', () => {
    const text =
      'Key arn:aws:kms:us-east-1:0:key/x of 0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
    expect(maskHex(text)).toBe(text)
  })

  test('an error of an unknown kind is masked, its stack too', () => {
    const error = new Error(`bad 0x${secret}`)
    expect(describeError(error, {})).toBe(
      'Error: bad <64 hex digits>\nTo see where the error occurred, set KEYWARD_DEBUG=1.',
    )
    expect(describeError(error, { KEYWARD_DEBUG: '1' })).not.toContain(secret)
  })
})

describe('targets', () => {
  test.each([
    ['http://127.0.0.1:4566', true],
    ['http://127.8.8.8', true],
    ['http://localhost:1', true],
    ['http://[::1]:4566', true],
    ['https://127.0.0.1', false],
    ['https://kms.us-east-1.amazonaws.com', false],
  ])('%s: may be local is %s', (url, expected) => {
    expect(Target.mayBeLocal(new URL(url))).toBe(expected)
  })

  test.each([
    ['http://10.0.0.1'],
    ['http://0.0.0.0'],
    ['http://[::]'],
    ['http://127.0.0.1.example.com'],
    ['http://user:password@example.com'],
    ['ftp://127.0.0.1'],
  ])('%s is refused, without what stands before @', (url) => {
    expect(() => Target.mayBeLocal(new URL(url))).toThrow(
      expect.objectContaining({
        name: 'InsecureEndpointError',
        code: 'insecure-endpoint',
        message: expect.not.stringContaining('password'),
      }),
    )
  })

  test('as text', () => {
    expect(
      Target.format({ kind: 'local', endpoint: 'http://127.0.0.1:1' }),
    ).toBe('local home http://127.0.0.1:1')
    const aws = {
      kind: 'aws',
      account: '123456789012',
      region: 'eu-west-1',
    } as const
    expect(Target.format(aws)).toBe('AWS account 123456789012 (eu-west-1)')
    expect(Target.format({ ...aws, endpoint: 'https://vpce' })).toBe(
      'AWS account 123456789012 (eu-west-1) through https://vpce',
    )
  })
})

describe('delegations', () => {
  const contract = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
  const delegation = { account: 'account 0x1', contract, chainId: 5 }

  test('taking an account back is said as such', () => {
    expect(
      delegationText({ ...delegation, contract: `0x${'0'.repeat(40)}` }),
    ).toBe('The authorization ends any delegation of account 0x1, on chain 5.')
  })

  test.each([
    [5, {}, '--allow-delegation'],
    [0, {}, '--allow-delegation --any-chain'],
    [0, { allowDelegation: true }, '--any-chain'],
    [0, { anyChain: true }, '--allow-delegation'],
  ])('chain %s with %j needs %s', (chainId, given, flags) => {
    const options = { allowDelegation: false, anyChain: false, ...given }
    expect(() =>
      assertDelegationAllowed([{ ...delegation, chainId }], options),
    ).toThrow(`To allow this, add ${flags}.`)
  })

  test('with its flags it passes', () => {
    const options = { allowDelegation: true, anyChain: false }
    assertDelegationAllowed([delegation], options)
    assertDelegationAllowed([{ ...delegation, chainId: 0 }], {
      allowDelegation: true,
      anyChain: true,
    })
  })
})

describe('formats', () => {
  test('ether is exact for every amount', () => {
    expect([0n, 1n, 10n ** 18n, 15n * 10n ** 17n].map(formatEther)).toEqual([
      '0',
      '0.000000000000000001',
      '1',
      '1.5',
    ])
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), (wei) => {
        const [whole = '', fraction = ''] = formatEther(wei).split('.')
        expect(BigInt(whole + fraction.padEnd(18, '0'))).toBe(wei)
      }),
    )
  })

  test('columns leave out what has no value', () => {
    expect(
      toColumns([
        ['a', '1'],
        ['none', undefined],
        ['long', '2'],
        ['b', ''],
      ]),
    ).toBe('a     1\nlong  2\nb')
    expect(toColumns([['long', 'one\n- two']])).toBe('long  one\n      - two')
  })

  test('words of a shell', () => {
    expect(shellWord('/tmp/a-b_c.d')).toBe('/tmp/a-b_c.d')
    expect(shellWord('it is $HOME')).toBe("'it is $HOME'")
    expect(shellQuote("it's")).toBe(`'it'\\''s'`)
  })

  test('faults keep what was not given', () => {
    expect(toFaults({ kmsLatencyMs: 5, clockSkewS: 0 })).toEqual({
      kmsLatencyMs: 5,
      clockSkewS: 0,
    })
  })

  test('colours on terminals only, and never against NO_COLOR', () => {
    const red = (isTTY: boolean, env: Record<string, string>) =>
      styleFor({ isTTY }, env).red('x')
    expect([
      red(true, {}),
      red(true, { NO_COLOR: '' }),
      red(true, { NO_COLOR: '1' }),
      red(true, { TERM: 'dumb' }),
      red(false, {}),
    ]).toEqual([
      '\u001b[31mx\u001b[39m',
      '\u001b[31mx\u001b[39m',
      'x',
      'x',
      'x',
    ])
  })
})
