import { afterAll, beforeAll, expect, test } from 'vitest'
import { createExchange } from '../../packages/core/src/aws/index.js'
import { systemRuntime } from '../../packages/core/src/rpc/Runtime.js'
import { createLedger, createRpc } from '../../packages/sender/src/index.js'
import {
  chainId,
  openSenderHome,
  type SenderHome,
  toRequest,
} from '../support/openSenderHome.js'

// What a transaction asks of KMS, ledger and node, counted where it arrives or
// leaves. No figure here depends on the machine's speed: the sender's clock
// stands, so that what is asked once in a second or two is asked once.

let home: SenderHome
beforeAll(async () => {
  home = await openSenderHome()
})
afterAll(() => home.close())

const now = Date.now()
const runtime = { ...systemRuntime, now: () => now }

function openCounted() {
  const methods: Record<string, number> = {}
  const rpc = createRpc({
    urls: [home.anvil.url],
    chainId,
    runtime,
    createExchange(endpoint, settings) {
      const exchange = createExchange(endpoint, settings)
      return (headers, body, timeoutMs) => {
        const { method } = JSON.parse(body)
        methods[method] = (methods[method] ?? 0) + 1
        return exchange(headers, body, timeoutMs)
      }
    },
  })
  const ledger = createLedger({
    ...home.aws,
    tableName: home.tableName,
    runtime,
  })
  const sender = home.newSender({ rpc, ledger, runtime })
  const read = () => ({ ...home.home.stats().operations, ...methods })
  return { sender, read }
}

/** How much more often each was asked for. */
async function count(
  read: () => Record<string, number>,
  work: () => Promise<unknown>,
) {
  const before = read()
  await work()
  const grown = Object.entries(read()).map(
    ([name, times]) => [name, times - (before[name] ?? 0)] as const,
  )
  return Object.fromEntries(grown.filter(([, times]) => times > 0))
}

test('six writes, no read, one signature and two calls to the node', async () => {
  const { sender, read } = openCounted()
  await sender.send(toRequest())
  const asked = await count(read, async () => {
    for (let index = 0; index < 10; index++)
      expect((await sender.send(toRequest())).status).toBe('sent')
  })
  expect(asked).toEqual({
    'dynamodb:PutItem': 20,
    'dynamodb:UpdateItem': 40,
    'kms:Sign': 10,
    eth_estimateGas: 10,
    eth_sendRawTransaction: 10,
  })
})

test('requests that come at once share the write of the head', async () => {
  const { sender, read } = openCounted()
  await sender.send(toRequest())
  const asked = await count(read, () =>
    Promise.all(Array.from({ length: 32 }, () => sender.send(toRequest()))),
  )
  const { 'dynamodb:UpdateItem': updates, ...others } = asked
  expect(others).toEqual({
    'dynamodb:PutItem': 64,
    'kms:Sign': 32,
    eth_estimateGas: 32,
    eth_sendRawTransaction: 32,
  })
  expect(updates).toBeGreaterThan(32 * 3)
  expect(updates).toBeLessThanOrEqual(32 * 4)
})

test('a repetition of what is sent reads its rows, and signs nothing', async () => {
  const { sender, read } = openCounted()
  const request = toRequest()
  await sender.send(request)
  expect(await count(read, () => sender.send(request))).toEqual({
    'dynamodb:PutItem': 1,
    'dynamodb:GetItem': 1,
    'dynamodb:Query': 1,
    eth_estimateGas: 1,
  })
})
