import { expect, test } from 'vitest'
import { absent, atMost, equal } from '../Store.js'
import { toUpdate } from './toUpdate.js'

test('an update', () => {
  expect(
    toUpdate({
      set: [[['open', 'id'], 'text']],
      add: [
        [['windows', 'w/day', 'sum'], 5n],
        [['windows', 'w/day', 'buckets', '7'], -(10n ** 38n - 1n)],
      ],
      remove: [['open', 'other.id']],
      when: [
        absent('open', 'id'),
        equal(['halted'], 0n),
        atMost(['windows', 'w/day', 'sum'], 95n),
      ],
    }),
  ).toMatchInlineSnapshot(`
    {
      "ConditionExpression": "attribute_exists(#9) AND attribute_not_exists(#0.#1) AND #7 = :3 AND #2.#3.#4 <= :4",
      "ExpressionAttributeNames": {
        "#0": "open",
        "#1": "id",
        "#2": "windows",
        "#3": "w/day",
        "#4": "sum",
        "#5": "buckets",
        "#6": "7",
        "#7": "halted",
        "#8": "other.id",
        "#9": "pk",
      },
      "ExpressionAttributeValues": {
        ":0": {
          "S": "text",
        },
        ":1": {
          "N": "5",
        },
        ":2": {
          "N": "99999999999999999999999999999999999999",
        },
        ":3": {
          "N": "0",
        },
        ":4": {
          "N": "95",
        },
      },
      "UpdateExpression": "SET #0.#1 = :0, #2.#3.#4 = #2.#3.#4 + :1, #2.#3.#5.#6 = #2.#3.#5.#6 - :2 REMOVE #0.#8",
    }
  `)
})

test('an update that only removes', () => {
  expect(toUpdate({ remove: [['open', 'id']], when: [] })).toEqual({
    UpdateExpression: 'REMOVE #0.#1',
    ConditionExpression: 'attribute_exists(#2)',
    ExpressionAttributeNames: { '#0': 'open', '#1': 'id', '#2': 'pk' },
  })
})
