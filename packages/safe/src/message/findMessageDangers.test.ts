import type { TypedData } from '@keyward/core'
import { describe, expect, test } from 'vitest'
import { type Danger, names, type Rules } from '../danger/Danger.js'
import type { Preimage } from '../SafeMessage.js'
import { findMessageDangers } from './findMessageDangers.js'
import { readMeaning } from './readMeaning.js'

const safe = `0x${'5a'.repeat(20)}` as const
const token = `0x${'aa'.repeat(20)}` as const
const other = `0x${'bb'.repeat(20)}` as const
const domain = { chainId: 1, safe }
const open = (...open: Danger[]): Rules => ({ open })
const all: Rules = { open: names, openCalls: [token, other] }

function dangersOf(preimage: Preimage, rules: Rules): string[] {
  const meaning = readMeaning(preimage, safe)
  return findMessageDangers(meaning, domain, () => 1000n, rules).map(
    ({ danger, text }) => `${danger}: ${text}`,
  )
}

const permit = (
  value: bigint,
  more: object = {},
): { typedData: TypedData.TypedData } => ({
  typedData: {
    domain: { chainId: 1n, verifyingContract: token, ...more },
    types: {
      Permit: [
        ...['owner', 'spender'].map((name) => ({ name, type: 'address' })),
        ...['value', 'nonce', 'deadline'].map((name) => ({
          ...{ name, type: 'uint256' },
        })),
      ],
    },
    primaryType: 'Permit',
    message: { owner: safe, spender: other, value, nonce: 0n, deadline: 9n },
  },
})
const typed = (primaryType: string, domain: object, types: object = {}) => ({
  typedData: {
    ...{ domain: domain as never, primaryType, message: { data: '0x12' } },
    types: { [primaryType]: [{ name: 'data', type: 'bytes' }], ...types },
  },
})
const order = (more: object) => ({
  typedData: {
    domain: { chainId: 1n, verifyingContract: other },
    primaryType: 'LimitOrder',
    types: {
      LimitOrder: [
        ...['makerToken', 'takerToken'].map((name) => [name, 'address']),
        ...[...['makerAmount', 'takerAmount', 'takerTokenFeeAmount']].map(
          (name) => [name, 'uint128'],
        ),
        ...['maker', 'taker', 'sender', 'feeRecipient'].map((name) => [
          ...[name, 'address'],
        ]),
        ...[
          ['pool', 'bytes32'],
          ['expiry', 'uint64'],
          ['salt', 'uint256'],
        ],
      ].map(([name = '', type = '']) => ({ name, type })),
    },
    message: {
      ...{ makerToken: token, takerToken: other, makerAmount: 999n },
      ...{ takerAmount: 5n, takerTokenFeeAmount: 0n, maker: safe },
      ...{ taker: other, sender: other, feeRecipient: other, salt: 0n },
      ...{ pool: `0x${'00'.repeat(32)}`, expiry: 9n, ...more },
    },
  },
})
const here = { chainId: 1n, verifyingContract: token }
const signIn = (address: string, chain = 1) => ({
  message: `a.example wants you to sign in with your Ethereum account:\n${address}\n\n\nURI: https://a.example\nVersion: 1\nChain ID: ${chain}\nNonce: abcdefgh\nIssued At: 2026-01-01T00:00:00Z`,
})
const checksummed = '0x5a5A5a5a5A5a5a5a5a5A5a5A5A5a5a5A5A5A5A5A'

describe('naming it allows a message, but not its other dangers', () => {
  test.each<[string, Preimage, string[]]>([
    ['a text', { message: 'hello' }, []],
    ['a sign-in of the Safe', signIn(checksummed), []],
    ['a permit', permit(999n), []],
    [
      'a permit of all there is',
      permit(1000n),
      [`unlimited-approval: Permit lets others take all of ${token}`],
    ],
    ['an order', order({}), []],
    [
      'an order for nothing',
      order({ takerAmount: 0n }),
      ['unlimited-approval: it sells for nothing'],
    ],
    [
      'an order for somebody else',
      order({ maker: other }),
      [`balance: what it buys goes to ${other}, not to the Safe`],
    ],
    [
      'a sign-in of another account',
      signIn('0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB'),
      [`unknown-message: it signs in as ${other}, not as the Safe`],
    ],
    [
      'a type that nobody knows',
      typed('Vote', here),
      [`unknown-message: Vote(bytes data) for ${token}`],
    ],
    [
      'a domain without a chain',
      typed('Vote', { verifyingContract: token }),
      [
        'unknown-message: its domain names no chain: it is valid on each',
        `unknown-message: Vote(bytes data) for ${token}`,
      ],
    ],
  ])('%s', (_, preimage, left) => {
    expect(dangersOf(preimage, {})).toEqual([
      expect.stringMatching(/^safe-message: /),
      ...left,
    ])
    expect(dangersOf(preimage, open('safe-message'))).toEqual(left)
    expect(dangersOf(preimage, all)).toEqual([])
  })
})

test('an unknown type is allowed by its contract if its domain names a chain', () => {
  const rules = { ...open('safe-message'), openCalls: [token] }
  expect(dangersOf(typed('Vote', here), rules)).toEqual([])
  expect(
    dangersOf(typed('Vote', { verifyingContract: token }), rules),
  ).toHaveLength(2)
})

describe('nothing allows a message that speaks for another contract or is unreadable', () => {
  test.each<[string, Preimage]>([
    ['32 bytes in hex', { message: `0x${'ab'.repeat(32)}` }],
    ['EIP-712 bytes', { message: { raw: `0x1901${'ab'.repeat(64)}` } }],
    ['a transaction', { message: { raw: '0xc3010203' } }],
    ['bytes', { message: { raw: '0xfffe' } }],
    ['a sign-in elsewhere', signIn(checksummed, 10)],
    ['another chain’s', permit(1n, { chainId: 10n })],
    [
      'the Safe’s own domain',
      typed('Vote', { ...here, verifyingContract: safe }),
    ],
    ...[
      ...['SafeTx', 'SafeMessage', 'SafeOp'],
      ...['PackedUserOperation', 'UserOperation'],
    ].map((name): [string, Preimage] => [name, typed(name, here)]),
    [
      'a wrapper within another type',
      {
        typedData: {
          domain: here as never,
          primaryType: 'Outer',
          types: {
            Outer: [{ name: 'inner', type: 'SafeTx[]' }],
            SafeTx: [{ name: 'data', type: 'bytes' }],
          },
          message: { inner: [] },
        },
      },
    ],
  ])('%s', (_, preimage) => {
    expect(dangersOf(preimage, all)).toContainEqual(
      expect.stringMatching(/^unknown-message: .*, which nothing opens$/),
    )
  })
})
