import { describe, expect, test } from 'vitest'
import { evaluate } from '../evaluate/evaluate.js'
import { parse } from '../policy/parse/parsePolicy.js'
import { readTypedData } from './readTypedData.js'

const acme = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8'
const domain = { name: 'x', chainId: 1, verifyingContract: acme }

function decide(
  encodeType: string,
  typedData: object,
  denied: Readonly<Record<string, unknown>>,
) {
  const kinds = [(/^\w+/.exec(encodeType) ?? [''])[0]]
  const policy = parse(
    JSON.stringify({
      version: 1,
      types: { [kinds[0] as string]: encodeType },
      groups: { listed: [acme] },
      rules: [
        { id: 'no', effect: 'deny', typedData: { kinds, args: denied } },
        { id: 'yes', chains: [1], typedData: { kinds, spends: [] } },
      ],
    }),
  )
  const request = { kind: 'typedData', typedData } as never
  const subject = { caller: 'x', account: undefined }
  return evaluate(policy, request, subject, { time: 0 }).decision
}

describe('lists in lists have the declared type, also after an empty one', () => {
  const jobs = (...tags: string[][]) => ({
    types: {
      Batch: [{ name: 'jobs', type: 'Job[]' }],
      Job: [{ name: 'tags', type: 'string[]' }],
    },
    ...{ domain, primaryType: 'Batch' },
    message: { jobs: tags.map((tags) => ({ tags })) },
  })

  test.each([[[['0xDEAD']]], [[[], ['0xDEAD']]], [[['0xDEAD'], []]]])(
    'in a struct: %j',
    (tags) => {
      expect(
        decide('Batch(Job[] jobs)Job(string[] tags)', jobs(...tags), {
          jobs: {
            some: { fields: { tags: { some: { equals: '0xDEAD' } } } },
          },
        }),
      ).toBe('deny')
    },
  )

  const length = (bound: object) => ({ length: bound })
  test.each([
    ['uint256', '5', { equals: '5' }, 'deny'],
    ['uint256', '5', { atMost: '4' }, 'allow'],
    // Operators on values of another type are unknown, and deny.
    ['uint256', '5', length({ atLeast: '1' }), 'deny'],
    ['uint256', '5', { startsWith: '0x' }, 'deny'],
    ['bool', true, { equals: false }, 'allow'],
    ['bool', true, length({ atLeast: '1' }), 'deny'],
    ['address', acme, { in: ['listed'] }, 'deny'],
    ['address', acme, { startsWith: '0x71' }, 'deny'],
    ['bytes4', '0x11223344', { equals: '0x1122' }, 'deny'],
    ['bytes4', '0x11223344', { equals: '0x11223345' }, 'allow'],
    ['string', '0xAB', { equals: '0xAB' }, 'deny'],
    ['string', '0xab', { equals: '0xAB' }, 'allow'],
    ['string', 'hello', length({ equals: '5' }), 'deny'],
    ['string', 'hello', length({ equals: '4' }), 'allow'],
  ] as const)('%s %j, denied if %j: %s', (item, value, denied, expected) => {
    const typedData = (lists: unknown) => ({
      types: { Foo: [{ name: 'a', type: `${item}[][]` }] },
      ...{ domain, primaryType: 'Foo', message: { a: lists } },
    })
    const of = (lists: unknown) =>
      decide(`Foo(${item}[][] a)`, typedData(lists), {
        a: { some: { some: denied } },
      })
    expect(of([[], [value]])).toBe(expected)
    expect(of([[value], []])).toBe(expected)
  })
})

test('a struct that contains itself has its own fields within', () => {
  const { fields, values } = readTypedData(
    {
      types: {
        Tree: [
          { name: 'leaf', type: 'uint8' },
          { name: 'branches', type: 'Tree[]' },
        ],
      },
      ...{ domain, primaryType: 'Tree' },
      message: { leaf: 1, branches: [{ leaf: 2, branches: [] }] },
    },
    new Map(),
  )
  expect(fields[1]?.type).toMatchObject({ kind: 'array', of: { fields } })
  expect(values).toEqual([1n, [[2n, []]]])
})
