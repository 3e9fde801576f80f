import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Runtime, systemRuntime } from '@keyward/core/rpc'
import { afterEach, describe, expect, test } from 'vitest'
import {
  LedgerResponseError,
  LedgerServiceError,
  LedgerUnreachableError,
} from '../errors.js'
import { createStore } from './createStore.js'

// Answers that dynalite never gives.

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

type Answer = { status?: number; body: object; hangUp?: boolean }

/** A table whose answers are `answer`'s, on a clock that does not wait. */
async function openScripted(
  tableName: string,
  answer: (operation: string, body: Record<string, unknown>) => Answer,
) {
  const calls: string[] = []
  const sleeps: number[] = []
  const server = createServer(async (request, response) => {
    const [, operation = ''] =
      /\.(\w+)$/.exec(String(request.headers['x-amz-target'])) ?? []
    calls.push(operation)
    const body = JSON.parse(Buffer.concat(await request.toArray()).toString())
    const { status = 200, body: out, hangUp } = answer(operation, body)
    if (hangUp === true) return request.socket.destroy()
    response.writeHead(status).end(JSON.stringify(out))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const runtime: Runtime = {
    ...systemRuntime,
    random: () => 1,
    sleep: async (ms) => {
      sleeps.push(ms)
    },
  }
  const store = createStore(tableName, {
    runtime,
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
  })
  return { store, calls, sleeps }
}

const keys = [1, 2, 3, 4, 5].map((number) => ({ pk: `tx#${number}`, sk: 'tx' }))

describe('getMany', () => {
  type Keys = { pk: { S: string }; sk: { S: string } }[]

  /** A table whose answers to BatchGetItem are `answer`'s. */
  async function open(tableName: string, answer: (keys: Keys) => object) {
    const asked: number[] = []
    const opened = await openScripted(tableName, (_, { RequestItems }) => {
      const { Keys } = (RequestItems as Record<string, { Keys: Keys }>)[
        tableName
      ] as { Keys: Keys }
      asked.push(Keys.length)
      return { body: answer(Keys) }
    })
    return { ...opened, asked }
  }

  test('a table named by its ARN answers under its name', async () => {
    const arn = 'arn:aws:dynamodb:us-east-1:123456789012:table/ledger'
    const { store } = await open(arn, (asked) => ({
      Responses: { ledger: asked },
    }))
    expect(await store.getMany(keys)).toHaveLength(5)
    expect(store.tableName).toBe('ledger')
  })

  test('remaining keys are requested again', async () => {
    const { store, asked, sleeps } = await open(
      'ledger',
      ([first, ...rest]) => ({
        Responses: { ledger: [first] },
        UnprocessedKeys: rest.length === 0 ? {} : { ledger: { Keys: rest } },
      }),
    )
    expect(await store.getMany(keys)).toHaveLength(5)
    expect(asked).toEqual([5, 4, 3, 2, 1])
    expect(sleeps).toEqual([])
  })

  test('an empty answer is retried with pauses, but not forever', async () => {
    const { store, asked, sleeps } = await open('ledger', (asked) => ({
      Responses: {},
      UnprocessedKeys: { ledger: { Keys: asked } },
    }))
    const error = await store.getMany(keys).catch((error) => error)
    expect(error).toBeInstanceOf(LedgerServiceError)
    expect(error.message).toMatchInlineSnapshot(`
      "DynamoDB returned ProvisionedThroughputExceededException for BatchGetItem.
      None of the requested items were returned (8 times in a row; items still missing: 5).
      The table is throttled. Wait a few seconds, then try again. Repeat a payment only with the same idempotency key.
      See docs/errors/ledger-service.md"
    `)
    expect(asked).toEqual([5, 5, 5, 5, 5, 5, 5, 5])
    expect(sleeps).toEqual([100, 200, 400, 800, 1000, 1000, 1000])
  })

  test('the last attempt may find that the items do not exist', async () => {
    let answers = 0
    const { store } = await open('ledger', (asked) => ({
      Responses: {},
      UnprocessedKeys: ++answers < 8 ? { ledger: { Keys: asked } } : {},
    }))
    expect(await store.getMany(keys)).toEqual([])
  })

  test('and not longer than time allows', async () => {
    const { store } = await open('ledger', (asked) => ({
      Responses: {},
      UnprocessedKeys: { ledger: { Keys: asked } },
    }))
    await expect(
      store.getMany(keys, { deadline: Date.now() - 1 }),
    ).rejects.toThrow('The time limit was reached before DynamoDB')
  })

  const long = { S: 'x'.repeat(8 * 1024 * 1024) }

  test('an answer that is too long is requested in halves', async () => {
    const { store, asked } = await open('ledger', (asked) => ({
      Responses: {
        ledger: asked.map((key) =>
          key.pk.S === 'tx#2' && asked.length > 1 ? { ...key, long } : key,
        ),
      },
    }))
    const items = await store.getMany(keys)
    expect(items).toEqual(
      keys.map(({ pk, sk }) => ({ pk: { S: pk }, sk: { S: sk } })),
    )
    // 2 is in the first half each time.
    expect(asked).toEqual([5, 3, 2, 1, 1, 1, 2])
  })

  test('a single item that is too long is an error', async () => {
    const { store, asked } = await open('ledger', (asked) => ({
      Responses: { ledger: asked.map((key) => ({ ...key, long })) },
    }))
    const error = await store.getMany(keys.slice(0, 2)).catch((error) => error)
    expect(error).toBeInstanceOf(LedgerResponseError)
    expect(error.message).toMatchInlineSnapshot(`
      "The response to BatchGetItem is not valid: it is larger than 8388608 bytes.
      Check that the endpoint is DynamoDB.
      See docs/errors/ledger-response.md"
    `)
    expect(asked).toEqual([2, 1])
  })
})

test('a non-repeatable write is undecided when its kept connection breaks', async () => {
  const { store, calls } = await openScripted('ledger', () =>
    calls.length < 2 ? { body: {} } : { hangUp: true, body: {} },
  )
  const key = { pk: 'a', sk: 'b' }
  await store.get(key)
  await expect(
    store.update(key, { add: { n: { N: '1' } } }, { once: true }),
  ).rejects.toThrow(LedgerUnreachableError)
  expect(calls).toEqual(['GetItem', 'UpdateItem'])
})

describe('a write that conflicts with another Region', () => {
  const conflict: Answer = {
    status: 400,
    body: {
      __type:
        'com.amazonaws.dynamodb.v20120810#ReplicatedWriteConflictException',
      message: 'One or more items are being modified in another Region.',
    },
  }
  const key = { pk: 'a', sk: 'b' }
  const item = { pk: { S: 'a' }, sk: { S: 'b' } }

  const open = (conflicts: number) => {
    let left = conflicts
    return openScripted('ledger', () =>
      left-- > 0 ? conflict : { body: { Attributes: item } },
    )
  }

  test('is tried again', async () => {
    const { store, calls, sleeps } = await open(2)
    expect(await store.update(key, { set: { n: { N: '1' } } })).toEqual(item)
    expect(calls).toEqual(['UpdateItem', 'UpdateItem', 'UpdateItem'])
    expect(sleeps).toEqual([100, 200])
    const other = await open(1)
    expect(await other.store.create(item)).toBe(true)
    expect(other.calls).toEqual(['PutItem', 'PutItem'])
  })

  test('but not forever, and not beyond the deadline', async () => {
    const { store, calls } = await open(3)
    await expect(store.create(item)).rejects.toThrow(
      'DynamoDB returned ReplicatedWriteConflictException for PutItem.',
    )
    expect(calls).toHaveLength(3)
    const hasty = await open(1)
    const deadline = Date.now() + 90
    await expect(hasty.store.create(item, { deadline })).rejects.toThrow(
      LedgerServiceError,
    )
    expect(hasty.calls).toHaveLength(1)
  })

  test('fails if it must not run twice, because it may have run', async () => {
    const { store, calls } = await open(1)
    const error = await store
      .update(key, { add: { n: { N: '1' } } }, { once: true })
      .catch((error) => error)
    expect(error).toBeInstanceOf(LedgerServiceError)
    expect(error.awsCode).toBe('ReplicatedWriteConflictException')
    expect(calls).toHaveLength(1)
  })
})
