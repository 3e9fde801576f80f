import type { Hex, SigningKey } from '@keyward/core'
import type { Rpc } from '@keyward/core/rpc'
import { callOnlyBatches, encodeMultiSend } from '@keyward/guard/calls'
import { describe, expect, test } from 'vitest'
import type { Rules } from '../danger/Danger.js'
import * as MessageFile from '../message/MessageFile.js'
import { review } from '../review.js'
import type { SafeFile } from '../SafeFile.js'
import type { Preimage } from '../SafeMessage.js'
import * as SafeMessage from '../SafeMessage.js'
import * as SafeTransaction from '../SafeTransaction.js'
import { approveMessage, lookAtMessage } from './approveMessage.js'

// What is refused without the node does not reach it, and nobody has it asked
// without end.

const safe: Hex = `0x${'5a'.repeat(20)}`
const owner: Hex = `0x${'0a'.repeat(20)}`
const domain = { chainId: 1, safe }
const toAddress = (at: number): Hex =>
  `0x${(0xa0000 + at).toString(16).padStart(40, '0')}`

function createAsked(rules: Rules) {
  const asked: string[] = []
  const refuse = async (method: string): Promise<never> => {
    asked.push(method)
    throw new Error('the node was asked')
  }
  const rpc: Rpc = { chainId: 1, request: refuse, check: refuse as never }
  const key = {
    address: owner,
    getAddress: async () => owner,
  } as unknown as SigningKey.LazySigningKey
  const file = { domain, pins: {} } as unknown as SafeFile
  return { asked, options: { key, rpc, file, rules, now: () => 0 } }
}

const batch = (tokens: number): Preimage => ({
  typedData: {
    domain: { chainId: 1n, verifyingContract: toAddress(0) },
    types: {
      PermitBatch: [
        { name: 'details', type: 'PermitDetails[]' },
        { name: 'spender', type: 'address' },
        { name: 'sigDeadline', type: 'uint256' },
      ],
      PermitDetails: [
        { name: 'token', type: 'address' },
        { name: 'amount', type: 'uint160' },
        { name: 'expiration', type: 'uint48' },
        { name: 'nonce', type: 'uint48' },
      ],
    },
    primaryType: 'PermitBatch',
    message: {
      details: Array.from({ length: tokens }, (_, at) => ({
        ...{ token: toAddress(at), amount: 1n, expiration: 0n, nonce: 0n },
      })),
      ...{ spender: owner, sigDeadline: 0n },
    },
  },
})
const call = { caller: 'anna' }
const open: Rules = { open: ['safe-message'] }

test('a message that is not opened is refused before the node is asked', async () => {
  const { asked, options } = createAsked({})
  const approval = approveMessage(options, undefined, batch(1), call)
  await expect(approval).rejects.toThrow(
    'was refused. Dangers found: safe-message.',
  )
  expect(asked).toEqual([])
})

test('a message of too many tokens is refused before the node is asked', async () => {
  const { asked, options } = createAsked(open)
  const many =
    'The request calls or names 201 contracts and tokens; at most 200 are allowed.'
  const approval = approveMessage(options, undefined, batch(201), call)
  await expect(approval).rejects.toThrow(many)
  // Looking at it takes no right to sign, and asks as much.
  const look = lookAtMessage(options, batch(201), owner, undefined)
  await expect(look).rejects.toThrow(many)
  expect(asked).toEqual([])
  const most = approveMessage(options, undefined, batch(200), call)
  await expect(most).rejects.toThrow('the node was asked')
})

test('a transaction of too many contracts is refused before the node is asked', async () => {
  const { asked, options } = createAsked({})
  const [multiSend] = Object.keys(callOnlyBatches) as [Hex]
  const lookAt = (count: number) => {
    const calls = Array.from({ length: count }, (_, at) => ({
      ...{ to: toAddress(at), value: 1n, data: '0x' as const },
    }))
    const transaction = SafeTransaction.create({
      ...{ to: multiSend, operation: 1, nonce: 0n },
      data: encodeMultiSend(calls),
    })
    const { rpc, file } = options
    return review(domain, transaction, { rpc, pins: file.pins })
  }
  await expect(lookAt(200)).rejects.toThrow(
    'The request calls or names 201 contracts and tokens; at most 200 are allowed.',
  )
  expect(asked).toEqual([])
  await expect(lookAt(199)).rejects.toThrow('the node was asked')
})

describe('a message of too many values', () => {
  const of = (values: number, text = 10): Preimage => ({
    typedData: {
      domain: { chainId: 1n, verifyingContract: toAddress(0) },
      types: {
        Main: [{ name: 'list', type: 'Item[]' }],
        Item: [{ name: 'x'.repeat(text), type: 'Item[]' }],
      },
      primaryType: 'Main',
      // The list, its items, and a list in each.
      message: {
        list: Array.from({ length: (values - 1) / 2 }, () => ({
          ['x'.repeat(text)]: [],
        })),
      },
    },
  })

  test.each([
    [
      'values',
      of(10_001),
      'The typed data has 10001 values; at most 10000 are allowed.',
    ],
    [
      'values times types',
      of(9_999, 5_000),
      'The typed data has 9999 values and types of 5024 characters in all. With types that long, at most 9952 values are allowed.',
    ],
  ])('(%s) is refused before it is hashed', async (_, preimage, said) => {
    const { options } = createAsked(open)
    const look = lookAtMessage(options, preimage, owner, undefined)
    await expect(look).rejects.toThrow(said)
    await expect(
      approveMessage(options, undefined, preimage, call),
    ).rejects.toThrow(said)
    expect(() => MessageFile.create(domain, preimage)).toThrow(said)
    expect(() => SafeMessage.toTypedData(domain, preimage)).toThrow(said)
  })

  test('the most that is allowed is judged', async () => {
    const { options } = createAsked(open)
    const most = approveMessage(options, undefined, of(9_999), call)
    await expect(most).rejects.toThrow(
      'was refused. Dangers found: unknown-message',
    )
  })
})
