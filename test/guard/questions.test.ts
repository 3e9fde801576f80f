import { InvalidRequestError } from '@keyward/core'
import { parsePolicy } from '@keyward/guard'
import {
  encodeAbiParameters,
  encodeFunctionData,
  type Hex,
  parseAbi,
  parseAbiParameters,
} from 'viem'
import { describe, expect, test } from 'vitest'
import { compare } from './pairs/compare.js'
import type { Asked, Request } from './second/Asked.js'
import type { Document, Rule } from './second/Document.js'
import { decide as decideSecond } from './second/decide.js'

// Questions that docs/policy.md left open when a second evaluator was written
// from it; each has a sentence there now, and both evaluators follow it.

const payee = `0x${'11'.repeat(20)}`
const thief = `0x${'e1'.repeat(20)}`
const usdc = `0x${'c1'.repeat(20)}`
const collection = `0x${'c3'.repeat(20)}`
const place = `0x${'21'.repeat(20)}`
const account = `0x${'a1'.repeat(20)}`

const world: Omit<Document, 'rules'> = {
  version: 1,
  tokens: {
    USDC: {
      chain: 1,
      address: usdc,
      kind: 'erc20',
      decimals: 6,
      symbol: 'USDC',
    },
    Ape: { chain: 1, address: collection, kind: 'erc721', symbol: 'APE' },
  },
  groups: { payees: [payee], thieves: [thief] },
  functions: ['tag(string label,bytes note,bytes4 id,address who)'],
  windows: { daily: { asset: 'native', chain: 1, length: 'day', limit: '9' } },
}
const abi = parseAbi([
  'function tag(string,bytes,bytes4,address)',
  'function approve(address,uint256)',
  'function multicall(bytes[])',
])

const call = (to: string, data: string, value = '0'): Request => ({
  kind: 'transaction',
  transaction: {
    ...{ type: 'legacy', chainId: 1, nonce: '0', gas: '0', gasPrice: '0' },
    ...{ to, data, value },
  },
})
const any: Rule = {
  id: 'any',
  chains: [0, 1],
  call: { to: [place], functions: 'any', spends: 'unknown' },
}

/** What both evaluators decide. */
function decide(rules: readonly Rule[], request: Request, facts?: object) {
  const time = '2026-11-29T12:00:00.000Z'
  const asked: Asked = { request, account, facts: { time, ...facts } }
  const { product, second } = compare({ ...world, rules }, asked)
  expect(product).toEqual(second)
  return product
}

test("a function whose four bytes are another's is refused", () => {
  const time = '2026-11-29T12:00:00.000Z'
  const functions = ['many_msg_babbage(bytes1 letter)']
  const rule: Rule = {
    ...{ id: 'no', effect: 'deny' },
    call: { functions: ['many_msg_babbage'] },
  }
  const asked = { request: call(place, '0xa9059cbb'), account, facts: { time } }
  const policy: Document = { ...world, functions, rules: [any, rule] }
  expect(() => parsePolicy(JSON.stringify(policy))).toThrow(InvalidRequestError)
  expect(() => decideSecond(policy, asked)).toThrow(
    'many_msg_babbage(bytes1) begins as transfer(address,uint256)',
  )
})

describe('conditions on arguments', () => {
  const tagged = encodeFunctionData({
    abi,
    functionName: 'tag',
    args: ['payees', '0xabcd', '0x01020304', payee as Hex],
  })
  const denying = (args: NonNullable<Rule['call']>['args'] & object) =>
    decide(
      [any, { id: 'no', effect: 'deny', call: { args } }],
      call(place, tagged),
    ).decision

  test.each([
    ["a group's name is a text, for a text", { label: { in: ['payees'] } }],
    ['an address of another length', { who: { equals: '0x1234' } }],
    ['hex of another length, for bytes4', { id: { equals: '0x0102' } }],
    ['hex of half a byte', { note: { equals: '0xabc' } }],
    ['the beginning of bytes in capitals', { note: { startsWith: '0xAB' } }],
    ['a beginning that is no hex', { note: { startsWith: 'ab' } }],
    ['the length of bytes4', { id: { length: { equals: '9' } } }],
  ])('%s holds or is unknown', (_, args) => {
    expect(denying(args)).toBe('deny')
  })

  test.each([
    ['a group without the address', { who: { in: ['thieves'] } }],
    ['other bytes', { note: { equals: '0xabce' } }],
  ])('%s fails', (_, args) => {
    expect(denying(args)).toBe('allow')
  })
})

describe('recipients of a rule that denies', () => {
  const rules: Rule[] = [
    {
      id: 'move',
      chains: [1],
      call: { to: [permit2()], functions: ['transferFrom'] },
    },
    { id: 'message', message: { kinds: ['text'] } },
    { ...any, id: 'any' },
    { id: 'no', effect: 'deny', recipients: ['thieves'] },
  ]
  const batch = (to: readonly string[]) => {
    const items = to.map((one) => [account, one, 1n, usdc])
    const types = parseAbiParameters('(address,address,uint160,address)[]')
    const body = encodeAbiParameters(types, [items] as never)
    return call(permit2(), `0x0d58b1db${body.slice(2)}`)
  }

  test('one of several is enough', () => {
    expect(decide(rules, batch([payee, thief])).rule).toBe('no')
    expect(decide(rules, batch([payee, payee])).rule).toBe('move')
  })

  test('value counts, and nothing is no recipient', () => {
    expect(decide(rules, call(thief, '0x', '1')).rule).toBe('no')
    const message: Request = { kind: 'message', message: 'hello' }
    expect(decide(rules, message).rule).toBe('message')
    const within = encodeFunctionData({
      abi,
      functionName: 'multicall',
      args: [[]],
    })
    const valued = [...rules, { ...any, id: 'run', call: runs(thief) }]
    expect(decide(valued, call(thief, within, '1')).rule).toBe('no')
    expect(decide(valued, call(thief, within)).rule).toBe('run')
  })
})

const runs = (to: string) => ({ to: [to], functions: ['multicall'] })
function permit2() {
  return '0x000000000022d473030f116ddee9f6b43ac78ba3'
}

test('an authorization for every chain is one for each', () => {
  const request: Request = {
    kind: 'authorization',
    authorization: { chainId: 0, address: payee, nonce: '0' },
  }
  const allows = (chains: number[]): Rule => ({
    id: 'allows',
    chains,
    authorization: { delegates: [payee] },
  })
  expect(decide([allows([0])], request).decision).toBe('allow')
  expect(decide([allows([1])], request).decision).toBe('deny')
  const denies: Rule = { id: 'denies', effect: 'deny', chains: [1] }
  expect(decide([allows([0]), denies], request).rule).toBe('denies')
})

test('what a window has counted is added, and a rule names it once', () => {
  const rule: Rule = {
    ...{ id: 'pay', chains: [1], payment: {} },
    windows: ['daily', 'daily'],
  }
  const item = { window: 'daily', scope: {}, amount: '3' }
  const spent = [item, item]
  expect(decide([rule], call(payee, '0x', '3'), { spent })).toMatchObject({
    reservations: [{ amount: 3n, before: 6n }],
  })
  expect(decide([rule], call(payee, '0x', '4'), { spent }).decision).toBe(
    'deny',
  )
})

test('no amount in maxPerRequest is no limit', () => {
  const rule = { ...any, maxPerRequest: {} }
  expect(decide([rule], call(place, '0x12345678')).decision).toBe('allow')
})

test('an approval of a collection is none of an amount, decoded or not', () => {
  const data = encodeFunctionData({
    abi,
    functionName: 'approve',
    args: [payee as Hex, 2n ** 200n],
  })
  const to = (address: string, dangers: string[]): Rule => ({
    id: 'approve',
    chains: [1],
    call: { to: [address], functions: 'any', spends: 'unknown' },
    dangers,
  })
  const ask = (address: string, bytes: string, dangers: string[] = []) =>
    decide([to(address, dangers)], call(address, bytes)).decision
  expect(ask(collection, data)).toBe('allow')
  expect(ask(collection, `${data}00`, ['malformed-call'])).toBe('allow')
  expect(ask(usdc, `${data}00`, ['malformed-call'])).toBe('deny')
})

describe('depth and number', () => {
  const nest = (depth: number, items: readonly Hex[] = []): Hex =>
    encodeFunctionData({
      abi,
      functionName: 'multicall',
      args: [depth === 0 ? items : [nest(depth - 1, items)]],
    })
  const rule: Rule = { ...any, dangers: ['self-call'] }

  test('the eighth level may run nothing', () => {
    expect(decide([rule], call(place, nest(8))).actions).toHaveLength(9)
    const deeper = decide([rule], call(place, nest(9)))
    expect([deeper.decision, deeper.actions.length]).toEqual(['deny', 9])
  })

  test('1,000 actions are read, and not one more', () => {
    const items = (count: number) =>
      Array.from({ length: count }, (): Hex => '0x12345678')
    const decided = (count: number) =>
      decide([rule], call(place, nest(0, items(count)))).decision
    expect([decided(999), decided(1000)]).toEqual(['allow', 'deny'])
  })
})

describe('messages', () => {
  const kindOf = (raw: string) =>
    ['transaction', 'bytes', 'text', 'sign-in'].find(
      (kind) =>
        decide([{ id: kind, message: { kinds: [kind] }, maxValidity: 1e10 }], {
          kind: 'message',
          message: { raw },
        }).decision === 'allow',
    )
  const lists = (depth: number): string => {
    let list = 'c0'
    for (let at = 0; at < depth; at++)
      list = (0xc0 + list.length / 2).toString(16) + list
    return `0x${list}`
  }

  test('lists are read eight levels deep, in any form', () => {
    expect([0, 1, 8, 9].map((depth) => kindOf(lists(depth)))).toEqual([
      ...['bytes', 'transaction', 'transaction', 'bytes'],
    ])
    for (const raw of [
      ...['0xf800', '0xf801c0', '0xc28105'],
      // Lengths of five and of eight bytes.
      ...['0xfc000000000180', '0xff000000000000000180'],
    ])
      expect([raw, kindOf(raw)]).toEqual([raw, 'transaction'])
  })

  test('what only resembles EIP-4361 is a sign-in, if verifiers may take it', () => {
    const text = `a.example wants you to sign in with your Ethereum account:
${account}

URI: no uri at all
Version: 1
Chain ID: 1
Nonce: abcdefgh
Issued At: 2026-11-29T12:00:00Z
Expiration Time: 2026-11-29T12:00:01Z`
    const raw = (of: string) => `0x${Buffer.from(of).toString('hex')}`
    // Nobody knows until when it is valid, so that no rule allows it.
    expect(kindOf(raw(text))).toBeUndefined()
    const odd = text.replace('no uri at all', 'none')
    expect(kindOf(raw(odd))).toBe('sign-in')
    expect(kindOf(raw(odd.replace('\n\nURI', '\n\n“I”\n\nURI')))).toBe(
      'sign-in',
    )
    expect(kindOf(raw(`${odd}\n`))).toBeUndefined()
    expect(kindOf(raw('You may sign in with your Ethereum account:'))).toBe(
      'text',
    )
  })
})

describe('typed data that is not EIP-712', () => {
  const types = {
    Mail: 'Mail(uint id)',
    EIP712Domain: 'EIP712Domain(uint256 chainId)',
  }
  const rule: Rule = {
    ...{ id: 'mail', chains: [1] },
    typedData: {
      ...{ kinds: Object.keys(types), spends: [] },
      without: ['verifyingContract'],
    },
  }
  const ask = (
    primaryType: string,
    type: string,
    message: object,
    domain = {},
  ) => {
    const asked: Asked = {
      request: {
        kind: 'typedData',
        typedData: {
          types: { Mail: [{ name: 'id', type }] },
          domain: { chainId: 1, ...domain },
          ...{ primaryType, message },
        },
      } as never,
      ...{ account, facts: { time: '2026-11-29T12:00:00.000Z' } },
    }
    const policy = { ...world, types, rules: [rule] }
    const { product, second } = compare(policy, asked)
    expect(product).toEqual(second)
    return product.decision
  }

  test.each<[string, ...Parameters<typeof ask>]>([
    ['a type without its size', 'Mail', 'uint', { id: '1' }, {}],
    ['the domain itself', 'EIP712Domain', 'uint256', { chainId: 1 }, {}],
    ['an empty version', 'Mail', 'uint256', { id: '1' }, { version: '' }],
  ])('%s is refused', (_, ...asked) => {
    expect(ask(...asked)).toBe('deny')
  })

  test('the same in its long form is not', () => {
    types.Mail = 'Mail(uint256 id)'
    expect(ask('Mail', 'uint256', { id: '1' })).toBe('allow')
  })
})
