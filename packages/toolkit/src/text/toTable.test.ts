import { expect, test } from 'vitest'
import { coloured, plain } from '../../../../test/support/styles.js'
import { localTime } from '../send/localTime.js'
import { age } from './age.js'
import { toCsv } from './toCsv.js'
import { type Column, shortAddress, toTable } from './toTable.js'

const to = `0x${'7a'.repeat(20)}`
const columns: Column[] = [
  { header: 'AGE', isRight: true },
  { header: 'STATUS', paint: (cell, { green }) => green(cell) },
  { header: 'TO', shorten: shortAddress, isOptional: true },
]
const rows = [
  ['12 s', 'mined', to],
  ['3 min', 'accepted', '(new contract)'],
]

test('a pipe gets headers and all of each cell', () => {
  expect(toTable(columns, rows, plain, undefined)).toBe(
    `  AGE  STATUS    TO
 12 s  mined     ${to}
3 min  accepted  (new contract)`,
  )
})

test('a narrow terminal gets shorter cells, and a very narrow one fewer', () => {
  expect(toTable(columns, rows, plain, 40)).toBe(
    `  AGE  STATUS    TO
 12 s  mined     0x7a7a…7a7a
3 min  accepted  (new contract)`,
  )
  expect(toTable(columns, rows, plain, 20)).toBe(
    `  AGE  STATUS
 12 s  mined
3 min  accepted
(The terminal is too narrow to show TO.)`,
  )
})

test('colours take no room', () => {
  expect(toTable(columns, rows.slice(0, 1), coloured, undefined)).toBe(
    `\u001b[2m AGE  STATUS  TO\u001b[22m
12 s  \u001b[32mmined\u001b[39m   ${to}`,
  )
})

test('ages are of one unit', () => {
  const now = Date.parse('2026-11-29T12:00:00Z')
  const ages = [0, 59, 60, 3599, 3600, 86_399, 86_400, 864_000].map((s) =>
    age(new Date(now - s * 1000).toISOString(), now),
  )
  expect(ages).toEqual([
    ...['0 s', '59 s', '1 min', '59 min', '1 h', '23 h', '1 d', '10 d'],
  ])
})

test('a time of today has no date', () => {
  const at = new Date(2026, 10, 29, 7, 5).toISOString()
  expect(localTime(at, new Date(2026, 10, 29, 23, 59))).toBe('07:05')
  expect(localTime(at, new Date(2026, 10, 30, 0, 1))).toBe('2026-11-29 07:05')
})

test('CSV quotes what needs it, and disarms formulas', () => {
  expect(
    toCsv([
      ['a', 'b,c', 'd "e"'],
      ['=1+1', 'x\ny', '-5'],
    ]),
  ).toBe(`a,"b,c","d ""e"""\n'=1+1,"x\ny",'-5`)
})
