import { expect, test } from 'vitest'
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
} from '../Condition.js'
import { toUpdate } from './toUpdate.js'

const S = (text: string) => ({ S: text })
const N = (number: string) => ({ N: number })

test('every part of a change, in one expression', () => {
  // Half of these names are reserved words of DynamoDB.
  const change = {
    set: { status: S('sent'), hash: S('0x') },
    setIfNone: { skippedSince: N('7') },
    add: { revision: N('1'), free: { NS: ['3'] } },
    delete: { numbers: { NS: ['4'] } },
    remove: ['problem', 'open'],
    condition: all(there('pk'), absent('final')),
  }
  expect(toUpdate(change)).toMatchInlineSnapshot(`
    {
      "ConditionExpression": "attribute_exists(#pk) AND attribute_not_exists(#final)",
      "ExpressionAttributeNames": {
        "#final": "final",
        "#free": "free",
        "#hash": "hash",
        "#numbers": "numbers",
        "#open": "open",
        "#pk": "pk",
        "#problem": "problem",
        "#revision": "revision",
        "#skippedSince": "skippedSince",
        "#status": "status",
      },
      "ExpressionAttributeValues": {
        ":add_free": {
          "NS": [
            "3",
          ],
        },
        ":add_revision": {
          "N": "1",
        },
        ":delete_numbers": {
          "NS": [
            "4",
          ],
        },
        ":none_skippedSince": {
          "N": "7",
        },
        ":set_hash": {
          "S": "0x",
        },
        ":set_status": {
          "S": "sent",
        },
      },
      "UpdateExpression": "SET #status = :set_status, #hash = :set_hash, #skippedSince = if_not_exists(#skippedSince, :none_skippedSince) ADD #revision :add_revision, #free :add_free DELETE #numbers :delete_numbers REMOVE #problem, #open",
    }
  `)
})

test('a change without values names none', () => {
  expect(toUpdate({ remove: ['open'] })).toMatchInlineSnapshot(`
    {
      "ExpressionAttributeNames": {
        "#open": "open",
      },
      "UpdateExpression": "REMOVE #open",
    }
  `)
})

test.each<[Condition, string]>([
  [there('status'), 'attribute_exists(#status)'],
  [absent('status'), 'attribute_not_exists(#status)'],
  [equal('owner', S('a')), '#owner = :if_0'],
  [below('until', N('5')), '#until < :if_0'],
  [above('until', N('5')), '#until > :if_0'],
  [oneOf('status', [S('a'), S('b')]), '#status IN (:if_0, :if_1)'],
  [same('claim', undefined), 'attribute_not_exists(#claim)'],
  [all(equal('a', N('1')), equal('a', N('2'))), '#a = :if_0 AND #a = :if_1'],
  [
    any(absent('a'), all(there('b'), any(equal('c', N('1')), absent('d')))),
    'attribute_not_exists(#a) OR attribute_exists(#b) AND (#c = :if_0 OR attribute_not_exists(#d))',
  ],
  // DynamoDB refuses parentheses around parentheses.
  [all(all(any(there('a')))), 'attribute_exists(#a)'],
  [
    all(any(there('a')), all(there('b'))),
    'attribute_exists(#a) AND attribute_exists(#b)',
  ],
  [
    all(there('a'), all(any(any(there('b'), there('c'))))),
    'attribute_exists(#a) AND (attribute_exists(#b) OR attribute_exists(#c))',
  ],
  [
    all(
      all(any(there('a'), there('b'))),
      any(all(any(there('c'), there('d')))),
    ),
    '(attribute_exists(#a) OR attribute_exists(#b)) AND (attribute_exists(#c) OR attribute_exists(#d))',
  ],
])('%j', (condition, expected) => {
  const { ConditionExpression } = toUpdate({ remove: ['x'], condition })
  expect(ConditionExpression).toBe(expected)
})
