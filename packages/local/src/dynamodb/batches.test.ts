import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDynamoDb } from '../../../../test/support/openDynamoDb.js'

const TableName = 'ledger'
let opened: Awaited<ReturnType<typeof openDynamoDb>>
beforeEach(async () => {
  opened = await openDynamoDb()
  await opened.call('CreateTable', {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({
      AttributeName,
      AttributeType: 'S',
    })),
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
  })
})
afterEach(() => opened.close())

type Item = Record<string, { S: string }>
const key = (i: number) => ({ pk: { S: 'p' }, sk: { S: String(i) } })

/** Items of this size with different sort keys. */
async function fill(count: number, bytes: number): Promise<Item[]> {
  const items = Array.from({ length: count }, (_, i) => ({
    ...key(1000 + i),
    data: { S: 'x'.repeat(bytes) },
  }))
  for (let i = 0; i < count; i += 25)
    await opened.call('BatchWriteItem', {
      RequestItems: {
        [TableName]: items
          .slice(i, i + 25)
          .map((Item) => ({ PutRequest: { Item } })),
      },
    })
  return items
}

test('a hundred items of 128 kB come in one answer', async () => {
  const items = await fill(100, 128 * 1024)
  const { Responses, UnprocessedKeys } = await opened.call('BatchGetItem', {
    RequestItems: { [TableName]: { Keys: items.map(toKey) } },
  })
  expect(UnprocessedKeys).toEqual({})
  const found = (Responses as { [TableName]: Item[] })[TableName]
  expect(found.map(({ sk }) => sk?.S).sort()).toEqual(
    items.map(({ sk }) => sk?.S).sort(),
  )
  expect(JSON.stringify(found).length).toBeGreaterThan(12 * 1024 * 1024)
})

test('an answer ends at 16 MB, and what is left is asked for in its words', async () => {
  const items = await fill(100, 300 * 1024)
  const ask = (Keys: unknown) =>
    opened.call('BatchGetItem', {
      RequestItems: {
        [TableName]: {
          Keys,
          ConsistentRead: true,
          ProjectionExpression: '#d, sk',
          ExpressionAttributeNames: { '#d': 'data' },
        },
      },
    }) as Promise<{
      Responses: { [TableName]: Item[] }
      UnprocessedKeys: { [TableName]: Record<string, unknown> }
    }>
  const first = await ask(items.map(toKey))
  const size = 16 * 1024 * 1024
  const fits = Math.floor(size / (300 * 1024 + 'datask1000'.length))
  expect(fits).toBe(54)
  expect(first.Responses[TableName]).toHaveLength(fits)
  const { Keys, ...rest } = first.UnprocessedKeys[TableName]
  expect(rest).toEqual({
    ConsistentRead: true,
    ProjectionExpression: '#d, sk',
    ExpressionAttributeNames: { '#d': 'data' },
  })
  const second = await ask(Keys)
  expect(second.UnprocessedKeys).toEqual({})
  const all = [...first.Responses[TableName], ...second.Responses[TableName]]
  expect(new Set(all.map(({ sk }) => sk?.S)).size).toBe(100)
})

test('a page of a query ends at 1 MB', async () => {
  await fill(20, 128 * 1024)
  const query = async (ExclusiveStartKey?: unknown) =>
    (await opened.call('Query', {
      TableName,
      KeyConditionExpression: 'pk = :p',
      ExpressionAttributeValues: { ':p': { S: 'p' } },
      ...(ExclusiveStartKey !== undefined && { ExclusiveStartKey }),
    })) as { Items: Item[]; LastEvaluatedKey?: unknown }
  const pages: number[] = []
  for (let last: unknown; ; ) {
    const { Items, LastEvaluatedKey } = await query(last)
    pages.push(Items.length)
    if (LastEvaluatedKey === undefined) break
    last = LastEvaluatedKey
  }
  expect(pages).toEqual([8, 8, 4])
})

function toKey({ pk, sk }: Item) {
  return { pk, sk }
}
