import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { systemRuntime } from '../../Runtime.js'
import { createStore } from './createStore.js'

// Answers that dynalite never gives.

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

type Keys = { pk: { S: string }; sk: { S: string } }[]

/** A table whose answers to BatchGetItem are `answer`'s. */
async function open(tableName: string, answer: (keys: Keys) => object) {
  const state = { calls: 0 }
  const server = createServer(async (request, response) => {
    state.calls++
    const body = JSON.parse(Buffer.concat(await request.toArray()).toString())
    response.end(JSON.stringify(answer(body.RequestItems[tableName].Keys)))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const dynamo = createStore(tableName, {
    runtime: systemRuntime,
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  })
  return { dynamo, state }
}

const arn = 'arn:aws:dynamodb:us-east-1:123456789012:table/ledger'
const keys = [1, 2, 3].map((number) => ({ pk: `tx#${number}`, sk: 'tx' }))

test('a table that is named by its ARN answers under its name', async () => {
  const { dynamo } = await open(arn, (asked) => ({
    Responses: { ledger: asked },
  }))
  expect(await dynamo.getMany(keys)).toHaveLength(3)
})

test('what is left over is asked for again', async () => {
  const { dynamo, state } = await open('ledger', ([first, ...rest]) => ({
    Responses: { ledger: [first] },
    UnprocessedKeys: rest.length === 0 ? {} : { ledger: { Keys: rest } },
  }))
  expect(await dynamo.getMany(keys)).toHaveLength(3)
  expect(state.calls).toBe(3)
})

test('a table that is throttled is not asked without a pause, and not for ever', async () => {
  const { dynamo, state } = await open('ledger', (asked) => ({
    Responses: {},
    UnprocessedKeys: { ledger: { Keys: asked } },
  }))
  const deadline = Date.now() + 1000
  await expect(dynamo.getMany(keys, { deadline })).rejects.toThrow(
    /did not answer/,
  )
  expect(state.calls).toBeLessThan(40)
})
