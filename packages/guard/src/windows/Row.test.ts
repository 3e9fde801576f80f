import { expect, test } from 'vitest'
import * as Row from './Row.js'

const part = {
  ...{ item: 'usdc', window: 'w/hour', bucket: 100, amount: 10n ** 38n - 1n },
  ...{ token: 't', deadline: 7 },
}

test('is stored unchanged', () => {
  const row = { ...Row.none, counted: [part], released: ['r'], deadUpTo: 5 }
  const killed = Row.kill(row, 'd', 7)
  expect(Row.decode('id', Row.encode(killed, 3n))).toEqual({
    rev: 3n,
    row: killed,
  })
})

test.each([
  {},
  { rev: 1n },
  { rev: 1n, state: '' },
  { rev: 1n, state: 'null' },
  { rev: 1n, state: '{"counted":[],"dead":1,"deadUpTo":0,"released":[]}' },
  {
    rev: 1n,
    state: '{"counted":[{"amount":"x"}],"dead":[],"deadUpTo":0,"released":[]}',
  },
  ...[
    { dead: [5] },
    { dead: [null] },
    { dead: [['t']] },
    { dead: [['t', 'x']] },
    { dead: [[5, 5]] },
    { released: [5] },
    { released: 'r' },
    { deadUpTo: '5' },
    { deadUpTo: -1 },
    { counted: {} },
    { counted: [null] },
    ...[
      { item: 5 },
      { window: null },
      { token: 5 },
      { bucket: '5' },
      { bucket: 0.5 },
      { deadline: null },
      { amount: 5 },
      { amount: '' },
      { amount: '-5' },
      { amount: ' 5' },
    ].map((more) => ({ counted: [{ ...part, amount: '5', ...more }] })),
  ].map((more) => ({
    rev: 1n,
    state: JSON.stringify({ ...Row.none, ...more }),
  })),
])('is refused in another form: $state', (values) => {
  expect(() => Row.decode('id', values)).toThrow(
    expect.objectContaining({ code: 'guard-item' }),
  )
})

test('only deadlines are kept of the oldest of many dead tokens', () => {
  let row = Row.none
  for (let n = 1; n <= 41; n++) row = Row.kill(row, `t${n}`, n)
  expect(row.deadUpTo).toBe(20)
  expect(row.dead).toHaveLength(21)
  for (let n = 1; n <= 41; n++) expect(Row.isDead(row, `t${n}`, n)).toBe(true)
  expect(Row.isDead(row, 'other', 20)).toBe(true)
  expect(Row.isDead(row, 'other', 21)).toBe(false)
  expect(Row.kill(row, 't3', 3)).toBe(row)
})

test('forgets amounts that no window counts', () => {
  const row = { ...Row.none, counted: [part] }
  const freeAt = 101 * 300_000 + 3_600_000
  expect(Row.prune(row, freeAt - 1)).toBe(row)
  expect(Row.prune(row, freeAt).counted).toEqual([])
})

test('folds the amounts in one item, whose tokens are then dead', () => {
  const other = { ...part, item: 'dai', token: 'o' }
  const counted = [
    ...[{ ...part, amount: 1n }, other],
    { ...part, amount: 2n, token: 'u', deadline: 9 },
    { ...part, amount: 4n, token: 'v', bucket: 101 },
  ]
  const folded = Row.fold({ ...Row.none, counted }, 'usdc')
  const all = { ...part, token: '', deadline: 0 }
  expect(folded.counted).toEqual([
    other,
    { ...all, amount: 3n },
    { ...all, amount: 4n, bucket: 101 },
  ])
  expect(folded.dead.map(([token]) => token)).toEqual(['t', 'v', 'u'])
  expect(Row.fold(folded, 'usdc')).toEqual({
    ...folded,
    counted: folded.counted,
  })
})
