import { expect, test } from 'vitest'
import { parseHead } from './PartiQl.js'

test.each([
  ['SELECT * FROM "ledger" WHERE pk = ?', 'PartiQLSelect', 'ledger', undefined],
  ['select pk\n from ledger', 'PartiQLSelect', 'ledger', undefined],
  ['SELECT * FROM "ledger"."open"', 'PartiQLSelect', 'ledger', 'open'],
  [
    'EXISTS(SELECT * FROM "ledger" WHERE pk = 1)',
    'PartiQLSelect',
    'ledger',
    undefined,
  ],
  [
    `INSERT INTO "led.ger" VALUE {'pk': 'a'}`,
    'PartiQLInsert',
    'led.ger',
    undefined,
  ],
  [
    'UPDATE ledger SET a = 1 WHERE pk = 2',
    'PartiQLUpdate',
    'ledger',
    undefined,
  ],
  ['  DELETE FROM "ledger" WHERE pk = 2', 'PartiQLDelete', 'ledger', undefined],
])('%s', (statement, action, tableName, indexName) => {
  expect(parseHead(statement)).toEqual({ action, tableName, indexName })
})

test.each([undefined, 7, '', 'DROP TABLE ledger', 'SELECT', 'INSERT INTO'])(
  'no statement: %s',
  (statement) => {
    expect(() => parseHead(statement)).toThrow(
      "Statement wasn't well formed, can't be processed: Expected data manipulation",
    )
  },
)
