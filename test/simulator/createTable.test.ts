import { expect, test } from 'vitest'
import { createTable, holds } from './createTable.js'
import type { Condition, Item } from './seams.js'

const item: Item = { a: { S: 'x' }, n: { N: '10' }, f: { BOOL: true } }

test.each<[boolean, Condition]>([
  [true, { is: 'there', name: 'a' }],
  [false, { is: 'absent', name: 'a' }],
  [true, { is: 'absent', name: 'b' }],
  [true, { is: 'equal', name: 'a', value: { S: 'x' } }],
  [false, { is: 'equal', name: 'a', value: { N: '1' } }],
  [true, { is: 'below', name: 'n', value: { N: '11' } }],
  [true, { is: 'above', name: 'n', value: { N: '9' } }],
  [false, { is: 'above', name: 'b', value: { N: '9' } }],
  [true, { is: 'one of', name: 'a', values: [{ S: 'y' }, { S: 'x' }] }],
  [
    false,
    {
      is: 'all',
      of: [
        { is: 'there', name: 'a' },
        { is: 'absent', name: 'n' },
      ],
    },
  ],
  [
    true,
    {
      is: 'any',
      of: [
        { is: 'there', name: 'b' },
        { is: 'there', name: 'n' },
      ],
    },
  ],
])('%s: %j', (expected, condition) => {
  expect(holds(condition, item)).toBe(expected)
})

test('creates once, changes under a condition, answers the whole item', async () => {
  const { store } = createTable('t')
  const key = { pk: 'p', sk: 's' }
  const row = { pk: { S: 'p' }, sk: { S: 's' }, n: { N: '1' } }
  expect(await store.create(row)).toBe(true)
  expect(await store.create(row)).toBe(false)
  const condition = { is: 'absent', name: 'n' } as const
  expect(await store.update(key, { condition })).toBe(undefined)
  const changed = await store.update(key, {
    set: { a: { S: 'x' } },
    setIfNone: { n: { N: '7' }, m: { N: '7' } },
    add: { free: { NS: ['3', '4'] } },
  })
  expect(changed).toEqual({
    ...row,
    a: { S: 'x' },
    m: { N: '7' },
    free: { NS: ['3', '4'] },
  })
  await store.update(key, { delete: { free: { NS: ['3'] } }, remove: ['m'] })
  const last = await store.update(key, { delete: { free: { NS: ['4'] } } })
  expect(last).toEqual({ ...row, a: { S: 'x' } })
})

test('pages through a partition, up and down', async () => {
  const { store, put } = createTable('t')
  for (const sk of ['c', 'a', 'b', 'e', 'd'])
    put({ pk: { S: 'p' }, sk: { S: sk } })
  const list = async (descending: boolean) => {
    const found: string[] = []
    let after: unknown
    do {
      const page = await store.query({
        partition: ['pk', 'p'],
        between: ['sk', 'b', 'e'],
        descending,
        limit: 2,
        after,
      })
      found.push(...page.items.map(({ sk }) => (sk as { S: string }).S), '|')
      after = page.after
    } while (after !== undefined)
    return found.join('')
  }
  expect(await list(false)).toBe('bc|de|')
  expect(await list(true)).toBe('ed|cb|')
})
