import type { Hex } from '@keyward/core'
import {
  Contracts,
  callOnlyBatches,
  changeOf,
  encodeCall,
  encodeMultiSend,
  explain,
  SafeFunctions,
  type Signature,
  type Type,
  type Value,
} from '@keyward/guard/calls'
import { describe, expect, test } from 'vitest'
import * as SafeTransaction from '../SafeTransaction.js'
import { findDangers } from './findDangers.js'

const safe: Hex = `0x${'5a'.repeat(20)}`
const other: Hex = `0x${'0c'.repeat(20)}`

/** Some value of a type; no bytes, and lists without items. */
function some(type: Type): Value {
  switch (type.kind) {
    case 'address':
      return other
    case 'bool':
      return true
    case 'string':
      return ''
    case 'bytes':
      return '0x'
    case 'fixed':
      return `0x${'00'.repeat(type.size)}`
    case 'array':
      return []
    case 'tuple':
      return type.fields.map((field) => some(field.type))
    default:
      return 1n
  }
}

function find(signature: Signature, to: Hex): string[] {
  const data = encodeCall(
    signature,
    signature.inputs.map(({ type }) => some(type)),
  )
  const transaction = SafeTransaction.create({ to, data, nonce: 0n })
  const call = explain({ from: safe, to, value: 0n, data, operation: 0 })
  const facts = {
    safe,
    hasCode: () => true,
    isCallOnlyBatch: () => false,
    supplyOf: () => undefined,
    isCollection: () => false,
  }
  return findDangers(transaction, call, facts, {}).map(({ danger }) => danger)
}

const all = [SafeFunctions, Contracts].flatMap((module) =>
  Object.values<Signature | Signature[]>(module).flat(),
)
const changing = all.filter((one) => {
  const change = changeOf(one)
  return change !== undefined && change !== 'permit'
})

describe('a co-signer refuses what a policy calls a change', () => {
  test.each(changing.map((one) => [one.text, one] as const))(
    '%s',
    (_, signature) => {
      const change = changeOf(signature)
      const expected = change === 'module' ? 'modules' : change
      expect(find(signature, other)).toContain(expected)
    },
  )

  test('there are some of each kind', () => {
    expect([...new Set(changing.map(changeOf))].sort()).toEqual([
      ...['approve-hash', 'fallback-handler', 'guard', 'module'],
      ...['owners', 'ownership', 'upgrade'],
    ])
    expect(changing.length).toBeGreaterThan(45)
  })
})

test.each([
  ['setup', SafeFunctions.setup, ['owners', 'self-call', 'delegatecall']],
  ['signMessage', SafeFunctions.signMessage, ['approve-hash', 'self-call']],
  [
    'installModule',
    Contracts.installModule,
    ['modules', 'unknown-call', 'self-call'],
  ],
  ['swapOwner', SafeFunctions.swapOwner, ['owners']],
])('%s of the Safe itself', (_, signature, expected) => {
  expect(find(signature, safe)).toEqual(expected)
})

test.each([
  ['one id', Contracts.approveOfId, ['unknown-call']],
  ['credit', Contracts.approveDelegation, ['unknown-call']],
  ['a manager', Contracts.allow, ['unlimited-approval', 'unknown-call']],
  ['a permit', Contracts.permitOfPiece, ['unknown-call']],
])('%s is still unknown to it', (_, signature, expected) => {
  expect(find(signature, other)).toEqual(expected)
})

describe('approvals together', () => {
  const token = other
  const [batch] = Object.keys(callOnlyBatches) as [Hex]
  const sumOf = (calls: readonly (readonly [Signature, string, bigint])[]) => {
    const data = encodeMultiSend(
      calls.map(([signature, spender, amount]) => ({
        ...{ to: token, value: 0n },
        data: encodeCall(signature, [spender, amount]),
      })),
    )
    const batched = { to: batch, operation: 1, data } as const
    const transaction = SafeTransaction.create({ ...batched, nonce: 0n })
    const call = explain({ from: safe, value: 0n, ...batched })
    const facts = {
      ...{ safe, hasCode: () => true, isCallOnlyBatch: () => true },
      ...{ supplyOf: () => 1000n, isCollection: () => false },
    }
    return findDangers(transaction, call, facts, {}).map(({ text }) => text)
  }
  const { approve, increaseAllowance } = Contracts
  const [one, two] = [`0x${'01'.repeat(20)}`, `0x${'02'.repeat(20)}`] as const
  const all = [`all calls together let others take 1000 of the token ${token}`]

  test('add up to the whole token across accounts', () => {
    expect(
      sumOf([
        [approve, one, 500n],
        [approve, two, 500n],
      ]),
    ).toEqual(all)
    expect(
      sumOf([
        [approve, one, 500n],
        [increaseAllowance, one, 500n],
      ]),
    ).toEqual(all)
    expect(
      sumOf([
        [approve, one, 500n],
        [approve, two, 499n],
      ]),
    ).toEqual([])
  })

  test('replace the earlier approval of the same account', () => {
    expect(
      sumOf([
        [approve, one, 600n],
        [approve, one, 700n],
      ]),
    ).toEqual([])
  })
})
