import { TypedDataEncoder } from 'ethers'
import fc from 'fast-check'
import * as OxTypedData from 'ox/TypedData'
import { hashTypedData } from 'viem'
import { describe, expect, test } from 'vitest'
import { soak } from '../../../../test/support/tools.js'
import { getSignPayload } from '../typedData/getSignPayload.js'
import { InvalidRequestError } from './Problems.js'
import * as TypedDataRequest from './TypedDataRequest.js'

const wallet = '0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826'
const mail = {
  types: {
    EIP712Domain: [
      { name: 'name', type: 'string' },
      { name: 'version', type: 'string' },
      { name: 'chainId', type: 'uint256' },
      { name: 'verifyingContract', type: 'address' },
    ],
    Person: [
      { name: 'name', type: 'string' },
      { name: 'wallet', type: 'address' },
    ],
    Mail: [
      { name: 'from', type: 'Person' },
      { name: 'to', type: 'Person' },
      { name: 'contents', type: 'string' },
    ],
  },
  primaryType: 'Mail',
  domain: {
    name: 'Ether Mail',
    version: '1',
    chainId: 1,
    verifyingContract: '0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC',
  },
  message: {
    from: { name: 'Cow', wallet },
    to: { name: 'Bob', wallet: '0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB' },
    contents: 'Hello, Bob!',
  },
}

function hash(value: unknown): string {
  return OxTypedData.getSignPayload(
    TypedDataRequest.fromJson(value) as Parameters<
      typeof OxTypedData.getSignPayload
    >[0],
  )
}

function refusal(value: unknown): readonly string[] {
  try {
    TypedDataRequest.fromJson(value)
  } catch (error) {
    if (error instanceof InvalidRequestError)
      return error.problems.map(({ path, problem }) => `${path}: ${problem}`)
    throw error
  }
  return []
}

/** Typed data of one field `v`. */
function single(type: string, v: unknown) {
  return {
    types: { T: [{ name: 'v', type }] },
    primaryType: 'T',
    domain: {},
    message: { v },
  }
}

describe('fromJson', () => {
  test('reads the example of EIP-712', () => {
    expect(hash(mail)).toBe(
      '0xbe609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2',
    )
    const { EIP712Domain: _, ...types } = mail.types
    expect(hash({ ...mail, types })).toBe(hash(mail))
    expect(TypedDataRequest.fromJson(mail).message).toEqual({
      from: { name: 'Cow', wallet: wallet.toLowerCase() },
      to: { name: 'Bob', wallet: `0x${'b'.repeat(40)}` },
      contents: 'Hello, Bob!',
    })
    expect(TypedDataRequest.fromJson(mail).domain.chainId).toBe(1n)
  })

  test('hashes every type as viem and ethers do', () => {
    const word = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n })
    const bytes = fc
      .uint8Array({ maxLength: 70 })
      .map((value) => `0x${Buffer.from(value).toString('hex')}`)
    const item = fc.record({
      u: fc.nat(255),
      i: fc.bigInt({ min: -(2n ** 127n), max: 2n ** 127n - 1n }).map(String),
      ok: fc.boolean(),
      text: fc.string({ unit: 'grapheme' }),
      raw: bytes,
      four: fc
        .uint8Array({ minLength: 4, maxLength: 4 })
        .map((value) => `0x${Buffer.from(value).toString('hex')}`),
    })
    const types = {
      Item: [
        { name: 'u', type: 'uint8' },
        { name: 'i', type: 'int128' },
        { name: 'ok', type: 'bool' },
        { name: 'text', type: 'string' },
        { name: 'raw', type: 'bytes' },
        { name: 'four', type: 'bytes4' },
      ],
      Order: [
        { name: 'amount', type: 'uint256' },
        { name: 'items', type: 'Item[]' },
        { name: 'pair', type: 'Item[2]' },
        { name: 'grid', type: 'uint256[][2]' },
      ],
    }
    const order = fc.record({
      amount: word.map(String),
      items: fc.array(item, { maxLength: 3 }),
      pair: fc.tuple(item, item),
      grid: fc.tuple(fc.array(word.map(String)), fc.array(word.map(String))),
    })
    const domain = fc.record(
      {
        name: fc.string({ unit: 'grapheme' }),
        version: fc.string({ unit: 'grapheme', minLength: 1 }),
        chainId: fc.maxSafeInteger().map((value) => Math.abs(value)),
        verifyingContract: fc.constant(wallet),
        salt: word.map((value) => `0x${value.toString(16).padStart(64, '0')}`),
      },
      { requiredKeys: ['name'] },
    )
    fc.assert(
      fc.property(domain, order, (domain, message) => {
        const value = { types, primaryType: 'Order', domain, message }
        const ours = hash(JSON.parse(JSON.stringify(value)))
        expect(ours).toBe(TypedDataEncoder.hash(domain, types, message))
        expect(ours).toBe(
          hashTypedData(
            value as unknown as Parameters<typeof hashTypedData>[0],
          ),
        )
      }),
      { numRuns: soak ? 200 : 50 },
    )
  })

  test('refuses data that would not be signed', () => {
    const extra = structuredClone(mail) as typeof mail & {
      chainId?: number
      domain: { salt?: string }
      message: { to: { amount?: number } }
    }
    extra.chainId = 1
    extra.domain.salt = '0x'
    extra.message.to.amount = 5
    expect(refusal(extra)).toMatchInlineSnapshot(`
      [
        "chainId: is not a known field; known fields: types, domain, primaryType, message",
        "domain.salt: is not a known field; known fields: name, version, chainId, verifyingContract",
        "message.to.amount: is not a known field; known fields: name, wallet",
      ]
    `)
    const { EIP712Domain: _, ...types } = mail.types
    const domain = { ...mail.domain, chainID: 2 }
    expect(refusal({ ...mail, types, domain })).toMatchInlineSnapshot(`
      [
        "domain.chainID: is not a known field; known fields: name, version, chainId, verifyingContract",
      ]
    `)
  })

  test('refuses an empty version, which libraries hash in two ways', () => {
    const domain = { ...mail.domain, version: '' }
    const { EIP712Domain: _, ...types } = mail.types
    expect(refusal({ ...mail, types, domain })).toEqual([
      'domain.version: got ""; allowed: no version, a non-empty one, or EIP712Domain declared in types (wallets hash an empty version in two ways)',
    ])
    expect(hash({ ...mail, domain })).toBe(
      TypedDataEncoder.hash(domain, types, mail.message),
    )
  })

  test('refuses missing parts', () => {
    const { contents: _, ...message } = mail.message
    const { chainId: __, ...domain } = mail.domain
    expect(refusal({ ...mail, domain, message })).toMatchInlineSnapshot(`
      [
        "domain.chainId: is missing; allowed: an integer from 0 to 2^256-1, as a decimal or 0x string, or a number up to 2^53-1",
        "message.contents: is missing; allowed: a string",
      ]
    `)
    expect(refusal({})).toMatchInlineSnapshot(`
      [
        "types: is missing; allowed: a JSON object that defines the structs",
        "domain: is missing; allowed: a JSON object",
        "primaryType: is missing; allowed: the name of a struct in "types"",
      ]
    `)
    for (const value of [null, [], 'x', 5])
      expect(refusal(value)).toHaveLength(1)
  })

  test('refuses unknown and ambiguous types', () => {
    const types = [
      'uint',
      'int',
      'uint7',
      'uint264',
      'uint08',
      'bytes0',
      'bytes33',
      'bytes032',
      'byte',
      'Other',
      'Other[]',
      'toString',
      '__proto__',
      'uint8[0]',
      'uint8[',
      'a b',
      '',
      'fixed128x18',
      'function',
      'uint256 ',
    ]
    for (const type of types)
      expect(refusal(single(type, 1)).join()).toContain('types.T[0].type: ')
    expect(refusal(single('Other[2]', []))).toMatchInlineSnapshot(`
      [
        "types.T[0].type: got "Other[2]"; allowed: address, bool, string, bytes, bytes1 to bytes32, uint8 to uint256, int8 to int256 (no uint or int), a struct of types, or an array of these",
        "message.v: got an array of 0 items; allowed: exactly 2 items",
      ]
    `)
    const named = (name: unknown) => ({
      ...single('bool', true),
      types: { T: [{ name, type: 'bool' }] },
    })
    for (const name of ['', 'a b', '__proto__', '1a', null, 5])
      expect(refusal(named(name)).join()).toContain('types.T[0].name: ')
    for (const name of ['uint256', 'a$', 'a[]', 'address', '', '1', 'a(b)'])
      expect(
        refusal({ ...mail, types: { ...mail.types, [name]: [] } }).join(),
      ).toContain('is not allowed as the name of a struct')
    const twice = [
      { name: 'v', type: 'bool' },
      { name: 'v', type: 'bool' },
    ]
    expect(refusal({ ...single('bool', true), types: { T: twice } })).toEqual([
      'types.T[1].name: is also the name of another field',
    ])
  })

  test('refuses uint and int with one error, which names the long form', () => {
    const why = (name: string) =>
      `(EIP-712 has no ${name}, and wallets differ in how they hash it)`
    for (const [type, allowed, value] of [
      ['uint', `uint256 ${why('uint')}`, '5'],
      ['int', `int256 ${why('int')}`, -5],
      ['uint[]', `uint256[] ${why('uint')}`, ['5']],
      ['int[2][]', `int256[2][] ${why('int')}`, [[1, 2]]],
    ] as const)
      expect(refusal(single(type, value))).toEqual([
        `types.T[0].type: got ${JSON.stringify(type)}; allowed: ${allowed}`,
      ])
    const permit = {
      types: {
        EIP712Domain: [{ name: 'chainId', type: 'uint' }],
        Permit: [
          { name: 'owner', type: 'address' },
          { name: 'value', type: 'uint' },
        ],
      },
      primaryType: 'Permit',
      domain: { chainId: 1 },
      message: { owner: wallet, value: '1' },
    }
    expect(refusal(permit)).toEqual([
      `types.EIP712Domain[0].type: got "uint"; allowed: uint256 ${why('uint')}`,
      `types.Permit[1].type: got "uint"; allowed: uint256 ${why('uint')}`,
    ])
    // What else is wrong is told in the same go.
    expect(
      refusal({ ...permit, message: { owner: '0x', value: '1' } }),
    ).toHaveLength(3)
  })

  test("refuses a domain field with a type that is not the standard's", () => {
    const values = { chainId: '1', verifyingContract: wallet, version: '1' }
    const declared = (name: keyof typeof values, type: string) => ({
      ...single('bool', true),
      domain: { [name]: values[name] },
      types: {
        EIP712Domain: [{ name, type }],
        T: [{ name: 'v', type: 'bool' }],
      },
    })
    for (const [name, type, allowed] of [
      ['chainId', 'string', 'uint256'],
      ['chainId', 'uint64', 'uint256'],
      ['verifyingContract', 'bytes', 'address'],
      ['verifyingContract', 'string', 'address'],
      ['version', 'uint8', 'string'],
    ] as const) {
      const typedData = declared(name, type)
      expect(refusal(typedData)).toEqual([
        `types.EIP712Domain[0].type: got "${type}"; allowed: ${allowed}`,
      ])
      // Libraries call this directly, without JSON.
      expect(() => getSignPayload(typedData)).toThrow(
        `EIP712Domain declares ${name} as ${type}; allowed: ${allowed}.`,
      )
    }
    const own = {
      ...single('bool', true),
      domain: { note: 'a' },
      types: {
        EIP712Domain: [{ name: 'note', type: 'string' }],
        T: [{ name: 'v', type: 'bool' }],
      },
    }
    expect(refusal(own)).toEqual([])
  })

  test('a wrong type gives one error, whatever it is', () => {
    for (const type of [
      'uint7',
      'bytes33',
      'uint8[',
      '',
      5,
      null,
      'x'.repeat(400),
    ])
      expect(
        refusal({
          ...single('bool', true),
          types: { T: [{ name: 'v', type }] },
        }),
      ).toEqual([expect.stringMatching(/^types\.T\[0\]\.type: /)])
    const deep = `uint8${'[]'.repeat(100_000)}`
    expect(refusal(single(deep, []))).toHaveLength(1)
    const endless = refusal(single(`uint${'[]'.repeat(100_000)}`, [])).join()
    expect(endless.length).toBeLessThan(500)
  })

  test('refuses values outside their type', () => {
    const cases: [string, unknown[]][] = [
      ['uint8', [256, -1, '', '1.0', null, true, undefined]],
      ['int8', [128, -129, '0xff', '-0', '--1', '-01', -0, 1.5]],
      ['bool', [0, 1, 'true', null]],
      ['string', [5, null, {}, '\ud800']],
      ['bytes', ['', '0x0', 'ab', 5]],
      ['bytes4', ['0x', '0xabcdef', '0xabcdef0123', 5]],
      ['address', ['0x', wallet.replace('CD', 'cD'), 5]],
      ['uint8[]', [5, {}, [256], null]],
      ['uint8[2]', [[1], [1, 2, 3]]],
    ]
    for (const [type, values] of cases)
      for (const value of values) {
        const lines = refusal(single(type, value))
        expect(lines, `${type} ${String(value)}`).toHaveLength(1)
        expect(lines[0]).toMatch(/^message\.v/)
      }
    expect(refusal(single('int8', '0x7f'))).toEqual([])
    expect(refusal(single('int8', '-128'))).toEqual([])
    expect(refusal({ ...mail, primaryType: 'EIP712Domain' })).toEqual([
      'primaryType: got "EIP712Domain"; allowed: Person, Mail',
    ])
    expect(refusal({ ...mail, primaryType: 'toString' })).toHaveLength(1)
  })

  test('terminates on endlessly nested data and types', () => {
    const types = { T: [{ name: 'next', type: 'T[]' }] }
    let message: object = { next: [] }
    for (let i = 0; i < 100_000; i++) message = { next: [message] }
    expect(
      refusal({ types, primaryType: 'T', domain: {}, message })[0],
    ).toMatch(/is nested more than 64 levels deep$/)
  })

  test('never repeats a key pasted into a message', () => {
    const key = `0x${'ac09'.repeat(16)}`
    for (const type of ['uint8', 'bool', 'address', 'bytes4', 'uint8[]', 'T'])
      expect(refusal(single(type, key)).join()).not.toContain('ac09ac09')
  })
})
