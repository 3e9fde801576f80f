import { beforeAll, describe, expect, test } from 'vitest'
import {
  above,
  absent,
  all,
  any,
  below,
  type Condition,
  equal,
  oneOf,
  same,
  there,
} from '../../packages/sender/src/ledger/Condition.js'
import type { Item } from '../../packages/sender/src/ledger/Item.js'
import type {
  Change,
  Query,
  Store,
} from '../../packages/sender/src/ledger/Store.js'
import { sort } from './sortItems.js'

const S = (text: string) => ({ S: text })
const N = (number: string) => ({ N: number })
const NS = (...numbers: string[]) => ({ NS: numbers })
const B = (text: string) => ({ B: Buffer.from(text).toString('base64') })
/** Of a type that the ledger never writes; somebody may have. */
const foreign = (value: object) => value as Item[string]
const yes = { BOOL: true }
const no = { BOOL: false }
const keyOf = (pk: string, sk = 'a') => ({ pk, sk })
const itemOf = (pk: string, sk = 'a', item: Item = {}): Item => ({
  pk: S(pk),
  sk: S(sk),
  ...item,
})

/** `toThrow` also passes if what is thrown is undefined. */
const refusalOf = (operation: string) => ({
  awsCode: 'ValidationException',
  status: 400,
  message: expect.stringContaining(
    `DynamoDB returned ValidationException for ${operation}.`,
  ),
})

const long = '12345678901234567890123456789012345678'
const whole: Item = {
  text: S('abc'),
  number: N(long),
  small: N('-1.5'),
  flag: yes,
  bytes: B('abc'),
  numbers: NS('1', '20'),
  list: foreign({ L: [S('a'), N('1')] }),
  map: foreign({ M: { a: S('b') } }),
  nothing: foreign({ NULL: true }),
}

const conditions: [is: boolean, condition: Condition][] = [
  [true, there('text')],
  [true, there('numbers')],
  [false, there('none')],
  [true, absent('none')],
  [false, absent('flag')],
  [true, equal('text', S('abc'))],
  [false, equal('text', S('ABC'))],
  [false, equal('text', N('1'))],
  [false, equal('none', S('abc'))],
  [true, equal('number', N(long))],
  [true, equal('number', N(`0${long}`))],
  [true, equal('number', N('1.2345678901234567890123456789012345678E37'))],
  [false, equal('number', N(`${long.slice(0, -1)}9`))],
  [false, equal('number', S(long))],
  [true, equal('small', N('-15e-1'))],
  [true, equal('flag', yes)],
  [false, equal('flag', no)],
  [true, equal('bytes', B('abc'))],
  [false, equal('bytes', S('YWJj'))],
  [true, equal('numbers', NS('20', '1'))],
  [false, equal('numbers', NS('20'))],
  [false, equal('numbers', NS('1', '21'))],
  [false, equal('numbers', NS('1', '20', '3'))],
  [false, equal('numbers', S('1'))],
  // DynamoDB compares lists and maps; the one in the home never finds them equal.
  [false, equal('list', foreign({ L: [N('1'), S('a')] }))],
  [false, equal('map', foreign({ M: { a: S('c') } }))],
  [true, equal('nothing', foreign({ NULL: true }))],
  [false, equal('nothing', S('a'))],
  [true, below('number', N(`${long.slice(0, -1)}9`))],
  [false, below('number', N(long))],
  [false, below('number', S('z'))],
  [false, above('number', S('a'))],
  [false, below('text', N('1'))],
  [false, below('none', N('1'))],
  [true, below('small', N('-1'))],
  [false, below('small', N('-1.6'))],
  [true, above('number', N(`${long.slice(0, -1)}7`))],
  [false, above('number', N(long))],
  [false, above('none', N('0'))],
  [true, below('text', S('abcd'))],
  [false, below('text', S('abB'))],
  [true, above('text', S('ab'))],
  [true, oneOf('text', [S('x'), S('abc')])],
  [false, oneOf('text', [S('x'), N('1')])],
  [false, oneOf('none', [S('x')])],
  [true, same('none', undefined)],
  [false, same('text', undefined)],
  [false, same('text', S('abd'))],
  [true, all(there('text'), any(absent('text'), equal('flag', yes)))],
  [false, all(there('text'), any(absent('text'), equal('flag', no)))],
  [true, any(all(there('none'), there('text')), all(there('text')))],
  [false, any(absent('text'), all(there('text'), any(there('none'))))],
]

/** One suite for both stores: what the memory's says is what DynamoDB's says. */
export function describeStore(newStore: () => Store): void {
  let store: Store
  beforeAll(() => {
    store = newStore()
  })

  /** What comes of a change to an item, and what is stored then. */
  const apply = async (
    pk: string,
    before: Item | undefined,
    change: Change,
  ) => {
    if (before !== undefined) await store.create(itemOf(pk, 'a', before))
    const answer = await store.update(keyOf(pk), change)
    const stored = await store.get(keyOf(pk))
    if (answer !== undefined) expect(sort([answer])).toEqual(sort([stored!]))
    const { pk: _, sk: __, ...rest } = sort([stored ?? {}])[0]!
    return { done: answer !== undefined, rest }
  }

  test.each(conditions)('%s: %j', async (expected, condition) => {
    const pk = `condition ${JSON.stringify(condition)}`
    const change = { set: { text: S('new') }, condition }
    const { done, rest } = await apply(pk, whole, change)
    expect(done).toBe(expected)
    expect(rest.text).toEqual(S(expected ? 'new' : 'abc'))
  })

  test('a condition on an item that is not there', async () => {
    const set = { text: S('new') }
    for (const condition of [
      there('pk'),
      equal('text', S('')),
      below('n', N('1')),
    ])
      expect(await apply('nothing', undefined, { set, condition })).toEqual({
        done: false,
        rest: {},
      })
    const condition = absent('text')
    expect(await apply('nothing', undefined, { set, condition })).toEqual({
      done: true,
      rest: set,
    })
  })

  test('create is done once', async () => {
    const item = itemOf('create', 'a', whole)
    expect(await store.create(item)).toBe(true)
    expect(await store.create(itemOf('create'))).toBe(false)
    expect(await store.create(itemOf('create', 'b'))).toBe(true)
    expect(sort([(await store.get(keyOf('create')))!])).toEqual(sort([item]))
    expect(await store.get(keyOf('create', 'c'))).toBe(undefined)
  })

  test('what is read is a copy', async () => {
    await store.create(itemOf('copy', 'a', { numbers: NS('1') }))
    const found = (await store.get(keyOf('copy')))!
    found.text = S('x')
    ;(found.numbers as { NS: string[] }).NS.push('2')
    expect(await store.get(keyOf('copy'))).toEqual(
      itemOf('copy', 'a', { numbers: NS('1') }),
    )
  })

  const changes: [name: string, before: Item | undefined, Change, Item][] = [
    [
      'sets',
      { a: N('1'), b: S('x') },
      { set: { b: N('2'), c: yes } },
      { a: N('1'), b: N('2'), c: yes },
    ],
    [
      'sets where there is nothing',
      undefined,
      { set: { a: N('1') } },
      { a: N('1') },
    ],
    [
      'sets if there is none',
      { a: N('1') },
      { setIfNone: { a: N('2'), b: N('2') } },
      { a: N('1'), b: N('2') },
    ],
    [
      'adds to a number',
      { a: N(long) },
      { add: { a: N('1'), b: N('2') } },
      { a: N(String(BigInt(long) + 1n)), b: N('2') },
    ],
    [
      'adds to a set',
      { a: NS('1') },
      { add: { a: NS('1', '2'), b: NS('3') } },
      { a: NS('1', '2'), b: NS('3') },
    ],
    [
      'takes out of a set',
      { a: NS('1', '2', '3') },
      { delete: { a: NS('2', '9') } },
      { a: NS('1', '3') },
    ],
    [
      'has no empty sets',
      { a: NS('1', '2') },
      { delete: { a: NS('1', '2') } },
      {},
    ],
    [
      'takes out of nothing',
      { b: N('1') },
      { delete: { a: NS('1') } },
      { b: N('1') },
    ],
    [
      'removes',
      { a: N('1'), b: N('2') },
      { remove: ['a', 'c'] },
      { b: N('2') },
    ],
    ['removes of nothing', undefined, { remove: ['a'] }, {}],
    [
      'does all at once',
      { a: NS('1'), b: N('1'), c: S('x'), d: NS('7') },
      {
        set: { e: S('y') },
        setIfNone: { f: S('z') },
        add: { b: N('1') },
        delete: { a: NS('1'), d: NS('8') },
        remove: ['c'],
        condition: there('a'),
      },
      { b: N('2'), d: NS('7'), e: S('y'), f: S('z') },
    ],
  ]
  test.each(changes)('%s', async (name, before, change, after) => {
    expect((await apply(name, before, change)).rest).toEqual(after)
  })

  test.each<[string, Change]>([
    ['adds to a text', { add: { text: N('1') } }],
    ['adds a set to a number', { add: { number: NS('1') } }],
    ['takes a set out of a number', { delete: { number: NS('1') } }],
  ])('%s: refused', async (name, change) => {
    const before = { text: S('x'), number: N('1') }
    await expect(apply(name, before, change)).rejects.toMatchObject(
      refusalOf('UpdateItem'),
    )
  })

  test('many are read at once, each once, as much as is asked for', async () => {
    const keys = Array.from({ length: 130 }, (_, n) => keyOf('many', `${n}`))
    for (const { pk, sk } of keys.slice(0, 120))
      await store.create(itemOf(pk, sk, { n: N(sk), status: S('x') }))
    const read = async (attributes?: string[]) =>
      sort(
        await store.getMany([...keys, ...keys.slice(0, 3)], {
          ...(attributes && { attributes }),
        }),
      )
    expect(await read()).toHaveLength(120)
    const some = await read(['pk', 'sk', 'status', 'none'])
    expect(some).toHaveLength(120)
    expect(some[0]).toEqual(itemOf('many', '0', { status: S('x') }))
    expect(await store.getMany([])).toEqual([])
  })

  describe('queries', () => {
    const sorts = ['nonce#0', 'nonce#1', 'nonce#1#0001', 'nonce#2', 'z']
    beforeAll(async () => {
      for (const sk of [...sorts].reverse())
        await store.create(itemOf('query', sk, whole))
      await store.create(itemOf('query other', 'nonce#1'))
    })

    const sortsOf = async (query: Omit<Query, 'partition'>) => {
      const found: string[][] = []
      let after: unknown
      do {
        const page = await store.query({
          partition: ['pk', 'query'],
          ...query,
          after,
        })
        found.push(page.items.map(({ sk }) => (sk as { S: string }).S))
        after = page.after
        if (after !== undefined)
          expect(Object.keys(after as object).sort()).toEqual(['pk', 'sk'])
      } while (after !== undefined)
      return found
    }

    test('whole, in order', async () => {
      expect(await sortsOf({})).toEqual([sorts])
      expect(await sortsOf({ descending: true })).toEqual([
        [...sorts].reverse(),
      ])
      const { items } = await store.query({ partition: ['pk', 'query'] })
      expect(sort(items)[0]).toEqual(
        sort([itemOf('query', 'nonce#0', whole)])[0],
      )
      expect(await store.query({ partition: ['pk', 'none'] })).toEqual({
        items: [],
        after: undefined,
      })
    })

    test('between, both ends included', async () => {
      expect(await sortsOf({ between: ['sk', 'nonce#1', 'nonce#2'] })).toEqual([
        ['nonce#1', 'nonce#1#0001', 'nonce#2'],
      ])
      expect(await sortsOf({ between: ['sk', 'nonce#1', 'nonce#1'] })).toEqual([
        ['nonce#1'],
      ])
      expect(await sortsOf({ between: ['sk', 'nonce#3', 'y'] })).toEqual([[]])
      await expect(
        sortsOf({ between: ['sk', 'nonce#2', 'nonce#1'] }),
      ).rejects.toMatchObject(refusalOf('Query'))
    })

    test('by its own keys alone', async () => {
      const refused = 'has keys or indexes other than those the ledger needs'
      const partition: [string, string] = ['pk', 'account']
      for (const wrong of [
        { partition: ['callerOf', 'account'] as [string, string] },
        { partition, between: ['text', 'a', 'b'] as [string, string, string] },
        { partition, index: 'open' },
      ])
        await expect(store.query(wrong)).rejects.toThrow(refused)
    })

    test('in pages, the last of which may be empty', async () => {
      expect(await sortsOf({ limit: 2 })).toEqual([
        ['nonce#0', 'nonce#1'],
        ['nonce#1#0001', 'nonce#2'],
        ['z'],
      ])
      expect(await sortsOf({ limit: 5 })).toEqual([sorts, []])
      expect(await sortsOf({ limit: 3, descending: true })).toEqual([
        ['z', 'nonce#2', 'nonce#1#0001'],
        ['nonce#1', 'nonce#0'],
      ])
      expect(
        await sortsOf({
          limit: 2,
          descending: true,
          between: ['sk', 'nonce#1', 'nonce#2'],
        }),
      ).toEqual([['nonce#2', 'nonce#1#0001'], ['nonce#1']])
    })

    test.each([
      ['open', 'open'],
      ['caller', 'callerOf'],
    ])('of the index %s: keys, by time', async (index, name) => {
      const of = `partition ${name}`
      for (const [pk, created] of [
        ['3', '002#b'],
        ['1', '001#a'],
        ['2', '002#a'],
        ['4', '003#a'],
      ])
        await store.create(
          itemOf(`tx ${name} ${pk}`, 'tx', {
            [name]: S(of),
            created: S(created!),
            status: S('x'),
          }),
        )
      // Without a key of the index an item is not in it.
      await store.create(itemOf(`tx ${name} 5`, 'tx', { [name]: S(of) }))
      await store.create(itemOf(`tx ${name} 6`, 'tx', { created: S('0') }))
      await store.update(keyOf(`tx ${name} 4`, 'tx'), { remove: [name] })
      const query = { index, partition: [name, of] as [string, string] }
      const entry = (pk: string, created: string) =>
        itemOf(`tx ${name} ${pk}`, 'tx', {
          [name]: S(of),
          created: S(created),
        })
      const entries = [
        entry('1', '001#a'),
        entry('2', '002#a'),
        entry('3', '002#b'),
      ]
      expect(await store.query(query)).toEqual({
        items: entries,
        after: undefined,
      })
      const page = await store.query({ ...query, limit: 2 })
      expect(page).toEqual({ items: entries.slice(0, 2), after: entries[1] })
      expect(await store.query({ ...query, after: page.after })).toEqual({
        items: entries.slice(2),
        after: undefined,
      })
      // Where a query goes on needs not be there.
      const after = entry('9', '002#aa')
      expect(
        (await store.query({ ...query, after, descending: true })).items,
      ).toEqual([entries[1], entries[0]])
    })
  })

  test('the table is there', async () => {
    expect(await store.check()).toBe(undefined)
    expect(store.tableName).toBe('ledger')
  })
}
