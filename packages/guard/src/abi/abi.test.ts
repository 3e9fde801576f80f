import fc from 'fast-check'
import {
  decodeAbiParameters,
  encodeAbiParameters,
  encodeFunctionData,
  parseAbi,
  toFunctionSelector,
} from 'viem'
import { describe, expect, test } from 'vitest'
import { soak } from '../../../../test/support/tools.js'
import * as Contracts from './contractFunctions.js'
import { decode, decodeCall } from './decode.js'
import { encode, encodeCall } from './encode.js'
import { parse, type Signature } from './Signature.js'
import * as Safe from './safeFunctions.js'
import type { Type, Value } from './Type.js'
import { format } from './Type.js'

const all = [Safe, Contracts].flatMap((module) =>
  Object.values<Signature | Signature[]>(module).flat(),
)

test("selectors match viem's", () => {
  expect(all.length).toBeGreaterThan(60)
  for (const { text, selector } of all)
    expect([text, selector]).toEqual([text, toFunctionSelector(text)])
})

test.each([
  'f(address a,,uint256 b)',
  'f(,address a)',
  'f(address a,)',
  'f(,)',
])('%s is not a signature', (text) => {
  expect(() => parse(text)).toThrow(TypeError)
})

const hexOf = (min: number, max = min) =>
  fc
    .uint8Array({ minLength: min, maxLength: max })
    .map((bytes) => `0x${Buffer.from(bytes).toString('hex')}`)

/** A type and a value of it. */
const typed: fc.Arbitrary<[Type, Value]> = fc.letrec((tie) => ({
  simple: fc.oneof(
    hexOf(20).map((value) => [{ kind: 'address' }, value]),
    fc.boolean().map((value) => [{ kind: 'bool' }, value]),
    fc
      .constantFrom(8, 48, 160, 256)
      .chain((bits) =>
        fc
          .bigInt(0n, 2n ** BigInt(bits) - 1n)
          .map((value) => [{ kind: 'uint', bits }, value]),
      ),
    fc
      .constantFrom(24, 256)
      .chain((bits) =>
        fc
          .bigInt(-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n)
          .map((value) => [{ kind: 'int', bits }, value]),
      ),
    fc
      .constantFrom(1, 4, 32)
      .chain((size) =>
        hexOf(size).map((value) => [{ kind: 'fixed', size }, value]),
      ),
    hexOf(0, 70).map((value) => [{ kind: 'bytes' }, value]),
    fc.string({ maxLength: 40 }).map((value) => [{ kind: 'string' }, value]),
  ),
  array: fc
    .tuple(tie('any'), fc.integer({ min: 1, max: 3 }), fc.boolean())
    .map(([one, count, isFixed]) => {
      const [of, value] = one as [Type, Value]
      const length = isFixed ? count : undefined
      return [{ kind: 'array', of, length }, Array(count).fill(value)]
    }),
  tuple: fc.array(tie('any'), { minLength: 1, maxLength: 3 }).map((parts) => {
    const pairs = parts as [Type, Value][]
    return [
      {
        kind: 'tuple',
        fields: pairs.map(([type], index) => ({ name: `f${index}`, type })),
      },
      pairs.map(([, value]) => value),
    ]
  }),
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    tie('simple'),
    tie('array'),
    tie('tuple'),
  ),
})).any as fc.Arbitrary<[Type, Value]>

/** As viem wants its parameters: tuples by their parts. */
function toParameter(type: Type): { type: string; components?: object[] } {
  if (type.kind === 'array') {
    const inner = toParameter(type.of)
    return { ...inner, type: `${inner.type}[${type.length ?? ''}]` }
  }
  if (type.kind === 'tuple')
    return {
      type: 'tuple',
      components: type.fields.map(({ type: of }) => toParameter(of)),
    }
  return { type: format(type) }
}

const viemEncode = (types: Type[], values: Value[]) =>
  encodeAbiParameters(types.map(toParameter) as never, values as never)

describe('any types', () => {
  test('are encoded like viem, and decoded back', () => {
    fc.assert(
      fc.property(
        fc.array(typed, { minLength: 1, maxLength: 4 }),
        (parameters) => {
          const types = parameters.map(([type]) => type)
          const values = parameters.map(([, value]) => value)
          const encoded = encode(types, values)
          expect(`0x${encoded}`).toBe(viemEncode(types, values))
          expect(decode(types, encoded)).toEqual(values)
        },
      ),
    )
  })

  test('changed bytes are never decoded unless they encode to the same', () => {
    fc.assert(
      fc.property(typed, fc.nat(), fc.nat({ max: 15 }), (one, at, digit) => {
        const [type, value] = one
        const encoded = encode([type], [value])
        const changed = [...encoded]
        changed[at % encoded.length] = digit.toString(16)
        const hex = changed.join('')
        const read = decode([type], hex)
        if (read !== undefined) expect(encode([type], read)).toBe(hex)
      }),
      { numRuns: soak ? 500 : 50 },
    )
  })
})

describe('bytes without a meaning in canonical form', () => {
  const multicall = parse('multicall(bytes[] data)')
  const good = encodeCall(multicall, [['0x11', '0x2233']])

  test('the valid ones match viem', () => {
    expect(good).toBe(
      encodeFunctionData({
        abi: parseAbi(['function multicall(bytes[] data)']),
        args: [['0x11', '0x2233']],
      }),
    )
    expect(decodeCall(multicall, good)).toEqual([['0x11', '0x2233']])
  })

  const body = good.slice(10)
  const word = (value: bigint) => value.toString(16).padStart(64, '0')
  test.each([
    ['bytes behind the end', `${good}00`],
    ['a word less', good.slice(0, -64)],
    [
      'an offset behind the end',
      `${good.slice(0, 10)}${word(2n ** 255n)}${body.slice(64)}`,
    ],
    [
      'items at one place',
      `${multicall.selector}${word(32n)}${word(2n)}${word(64n)}${word(64n)}${word(1n)}11${'0'.repeat(62)}`,
    ],
    [
      'a length above all',
      `${multicall.selector}${word(32n)}${word(2n ** 64n)}`,
    ],
    [
      'a gap before the tail',
      `${multicall.selector}${word(64n)}${word(0n)}${word(0n)}`,
    ],
    ['padding that is not zero', `${good.slice(0, -1)}1`],
  ])('%s', (_, data) => {
    expect(decodeCall(multicall, data as `0x${string}`)).toBe(undefined)
  })

  test('lists of a fixed length that are longer than the data', () => {
    const { selector, ...rest } = parse('f(bytes[1000000000] a)')
    const list = parse('g(uint256[1000000000] a)')
    expect(decodeCall({ ...rest, selector }, selector)).toBe(undefined)
    expect(decodeCall(list, list.selector)).toBe(undefined)
    const few = parse('h(uint256[4096][4096][4096] a)')
    expect(decodeCall(few, few.selector)).toBe(undefined)
  })

  test('viem decodes some of them as calls, which is why they are refused', () => {
    const twice = `${word(32n)}${word(2n)}${word(64n)}${word(64n)}${word(1n)}11${'0'.repeat(62)}`
    expect(decodeAbiParameters([{ type: 'bytes[]' }], `0x${twice}`)).toEqual([
      ['0x11', '0x11'],
    ])
  })
})
