import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createReconciler } from '../../packages/sender/src/index.js'
import {
  openSenderHome,
  type SenderHome,
  toRequest,
} from '../support/openSenderHome.js'

let home: SenderHome
let receiver: Awaited<ReturnType<typeof startReceiver>>
beforeEach(async () => {
  home = await openSenderHome()
  receiver = await startReceiver()
})
afterEach(async () => {
  await receiver.close()
  await home.close()
})

async function startReceiver() {
  const state = {
    url: '',
    heard: [] as string[],
    answer: (_: string, response: ServerResponse): unknown => response.end(),
  }
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString()
    const { id } = JSON.parse(body)
    state.heard.push(id)
    state.answer(id, response)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  state.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return Object.assign(state, { close })
}

/** Requests that ended, and that the webhook has not heard of. */
async function endMany(count: number): Promise<string[]> {
  const ids: string[] = []
  for (let index = 0; index < count; index++) {
    const { id } = await home.acceptOnly(toRequest())
    await home.ledger.finish(id, { status: 'refused', notify: true })
    ids.push(`${id}-refused`)
  }
  return ids
}
const reconciler = () =>
  createReconciler({
    key: home.key,
    rpc: home.rpc,
    ledger: home.newLedger(),
    graceMs: 0,
    webhook: {
      url: receiver.url,
      secret: 'a secret of some length',
      timeoutMs: 700,
      maxAttempts: 1,
    },
  })

test('a receiver that does not answer keeps nobody from being sent', async () => {
  await endMany(40)
  const { id } = await home.acceptOnly(toRequest())
  receiver.answer = () => {}
  const report = await reconciler().run({ deadline: Date.now() + 3000 })
  expect(report.counts).toMatchObject({ advanced: 1, delivered: 0 })
  const sent = await home.ledger.getTransaction(id)
  expect(sent).toMatchObject({ status: 'sent' })
  // It is not asked 40 times in a row, either.
  expect(receiver.heard.length).toBeLessThan(30)
})

test('what it cannot take keeps the others from nothing', async () => {
  const ids = await endMany(40)
  const bad = new Set(ids.slice(0, 20))
  receiver.answer = (id, response) =>
    response.writeHead(bad.has(id) ? 500 : 200).end()
  for (let runs = 0; runs < 6; runs++) await reconciler().run()
  const good = ids.filter((id) => !bad.has(id))
  expect(receiver.heard).toEqual(expect.arrayContaining(good))
  expect((await reconciler().run()).counts.delivered).toBe(0)
})
