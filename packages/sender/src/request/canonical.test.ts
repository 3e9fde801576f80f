import type { Hex } from '@keyward/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as SendRequest from './SendRequest.js'

const hex = (bytes: number) =>
  fc
    .uint8Array({ minLength: bytes, maxLength: bytes })
    .map((one) => `0x${Buffer.from(one).toString('hex')}` as Hex)
const quantity = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n })
const optional = <value>(name: string, one: fc.Arbitrary<value>) =>
  fc
    .option(one, { nil: undefined })
    .map((given) => (given === undefined ? {} : { [name]: given }))

/** Any request that is valid, in lower case. */
const request = fc
  .tuple(
    fc.record({
      to: hex(20).filter((to) => !/^0x0+$/.test(to)),
      value: quantity,
      data: fc
        .uint8Array({ maxLength: 100 })
        .map((one) => `0x${Buffer.from(one).toString('hex')}` as Hex),
      accessList: fc.array(
        fc.record({
          address: hex(20),
          storageKeys: fc.array(hex(32), { maxLength: 2 }),
        }),
        { maxLength: 2 },
      ),
      speed: fc.constantFrom(
        'slow' as const,
        'normal' as const,
        'fast' as const,
      ),
      idempotencyKey: fc.stringMatching(/^[\x21-\x7e]{1,128}$/),
    }),
    optional('gas', fc.bigInt({ min: 21_000n, max: 2n ** 63n - 1n })),
    optional(
      'maxFeePerGas',
      quantity.map((fee) => fee + 1n),
    ),
    optional('validUntil', fc.integer({ min: 0, max: 1e13 })),
    optional('notARepeat', fc.constant(true)),
    optional('exactFee', fc.constant(true)),
  )
  .map((parts) => Object.assign({}, ...parts) as SendRequest.SendRequest)
const account = { chainId: 1, address: `0x${'11'.repeat(20)}` }

describe('a stored request', () => {
  test('is the same when read, and has the same hash', () => {
    fc.assert(
      fc.property(request, (given) => {
        const kept = SendRequest.toKept(given)
        const read = SendRequest.fromKept(kept)
        expect(read).toEqual(given)
        expect(SendRequest.toKept(read)).toEqual(kept)
        expect(SendRequest.hash(read, account)).toBe(
          SendRequest.hashTerms(kept.terms, account),
        )
      }),
    )
  })

  test('shares nothing with the original', () => {
    const share = (a: unknown, b: unknown): boolean =>
      typeof a === 'object' &&
      a !== null &&
      (a === b ||
        Object.entries(a).some(([name, value]) =>
          share(value, (b as Record<string, unknown>)?.[name]),
        ))
    fc.assert(
      fc.property(request, (given) => {
        const copied = SendRequest.copy(given)
        expect(copied).toEqual(given)
        expect(share(given, copied)).toBe(false)
      }),
    )
  })

  test('has no payload if it carries nothing', () => {
    fc.assert(
      fc.property(request, (given) => {
        const carries = given.data !== '0x' || given.accessList.length > 0
        const { payload, terms } = SendRequest.toKept(given)
        expect(payload !== undefined).toBe(carries)
        expect('payload' in SendRequest.termsFromJson(terms)).toBe(carries)
      }),
    )
  })
})

const base: SendRequest.SendRequest = {
  to: '0xab5801a7d398351b8be11c439e05c5b3259aec9b',
  value: 5n,
  data: '0xabcd',
  accessList: [],
  speed: 'normal',
  idempotencyKey: 'a',
}
const hash = (request: SendRequest.SendRequest) =>
  SendRequest.hash(request, account)

test('another spelling is the same request', () => {
  const same = {
    ...base,
    to: '0xAb5801a7D398351b8bE11C439e05C5B3259aeC9B',
    data: '0xABCD',
  } as const
  expect(hash(same)).toBe(hash(base))
})

test('so is an access list with another spelling or field order', () => {
  const address = '0xAb5801a7D398351b8bE11C439e05C5B3259aeC9B'
  const key = `0x${'aB'.repeat(32)}`
  const lower = { address: address.toLowerCase(), key: key.toLowerCase() }
  const listing = (one: object) => {
    const request = { ...base, accessList: [one] } as SendRequest.SendRequest
    SendRequest.assertValid(request)
    return hash(request)
  }
  const usual = { address: lower.address, storageKeys: [lower.key] }
  expect(listing({ address, storageKeys: [key] })).toBe(listing(usual))
  const turned = { storageKeys: [lower.key], address: lower.address }
  expect(listing(turned)).toBe(listing(usual))
})

test('false is the same as missing', () => {
  const said = { ...base, exactFee: false, notARepeat: false }
  SendRequest.assertValid(said as never)
  expect(hash(said as never)).toBe(hash(base))
})

test('anything else makes a different request', () => {
  const others: Partial<SendRequest.SendRequest>[] = [
    { to: `0x${'77'.repeat(20)}` },
    { value: 6n },
    { data: '0xabce' },
    { data: '0x' },
    { accessList: [{ address: `0x${'22'.repeat(20)}`, storageKeys: [] }] },
    { gas: 21_000n },
    { speed: 'fast' },
    { maxFeePerGas: 1n },
    { maxPriorityFeePerGas: 1n },
    { exactFee: true },
    { validUntil: 1 },
    { notARepeat: true },
    { idempotencyKey: 'b' },
  ]
  const { to: _, ...creation } = base
  const hashes = [base, creation, ...others.map((one) => ({ ...base, ...one }))]
  expect(new Set(hashes.map(hash)).size).toBe(hashes.length)
  expect(SendRequest.hash(base, { ...account, chainId: 2 })).not.toBe(
    hash(base),
  )
})

test('a payload that the terms do not name is refused', () => {
  const { terms, payload } = SendRequest.toKept(base)
  for (const wrong of [undefined, '', `${payload} `, '{}'])
    expect(() => SendRequest.fromKept({ terms, payload: wrong })).toThrow(
      'another payload',
    )
  const plain = SendRequest.toKept({ ...base, data: '0x' })
  expect(() => SendRequest.fromKept({ ...plain, payload })).toThrow(
    'another payload',
  )
})

test('an id identifies caller and key, whatever they are', () => {
  const ids = [
    ['a', 'b'],
    ['ab', ''],
    ['', 'ab'],
    ['a"', 'b'],
    ['a', '"b'],
  ].map(([caller = '', key = '']) => SendRequest.transactionId(caller, key))
  expect(new Set(ids).size).toBe(5)
  expect(ids[0]).toMatch(/^[0-9a-f]{40}$/)
})
