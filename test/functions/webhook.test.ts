import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import {
  createServer,
  type IncomingHttpHeaders,
  type RequestListener,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { verifyWebhook } from '../../packages/sender/src/index.js'
import {
  openSendingStack,
  payment,
  type SendingStack,
} from '../support/openSendingStack.js'
import { readGuide } from '../support/readGuide.js'

// What a stack's reconciler tells a receiver, whose address and key are kept
// as a parameter and as a secret. The tests go on from each other.

const account = 'us-east-1:000000000000'
const secret = 'what both sides know and nobody else'
const token = 't0ken-of-the-receiver'

type Heard = { headers: IncomingHttpHeaders; body: string }

/** Answers what it is told to, and keeps what came. */
function createReceiver() {
  const heard: Heard[] = []
  let port = 0
  let status = 204
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString()
    heard.push({ headers: request.headers, body })
    response.writeHead(status).end()
  })
  const open = async () => {
    await once(server.listen(port, '127.0.0.1'), 'listening')
    port = (server.address() as AddressInfo).port
  }
  return {
    heard,
    open,
    url: () => `http://127.0.0.1:${port}/hook/${token}`,
    origin: () => `http://127.0.0.1:${port}`,
    answer(code: number) {
      status = code
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const guide = readGuide('sending')

/** The receiver that the guide shows, in this process and on a free port. */
async function startDocumented() {
  const [, code = ''] =
    /```js\n(import .*?listen\(Number\(port.*?)```/s.exec(guide) ?? []
  const printed: string[] = []
  let server = createServer()
  const given = {
    verifyWebhook,
    createServer: (answer: RequestListener) => {
      server = createServer(answer)
      return { listen: () => server.listen(0, '127.0.0.1') }
    },
    process: { env: { WEBHOOK_SECRET: secret, WEBHOOK_PORT: '0' } },
    console: { log: (text: string) => printed.push(text) },
  }
  const body = code.replace(/^import .*$/gm, '')
  new Function(...Object.keys(given), body)(...Object.values(given))
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    printed,
    url: `http://127.0.0.1:${port}/`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A JSON value's names, with the types of what they have. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf)
  if (typeof value !== 'object' || value === null) return typeof value
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, shapeOf(one)]),
  )
}

describe('the webhook of a stack', () => {
  const receiver = createReceiver()
  let stack: SendingStack
  beforeAll(async () => {
    await receiver.open()
    stack = await openSendingStack({
      webhookUrl: `arn:aws:ssm:${account}:parameter/treasury/hook`,
      webhookSecretArn: `arn:aws:secretsmanager:${account}:secret:hook-key`,
    })
  }, 120_000)
  afterAll(async () => {
    await receiver.close()
    await stack.close()
  })

  const reconcile = () => stack.invoke('treasury-reconciler', {}, 'operator')
  const send = async (key: string) => {
    const sent = await stack.invoke('treasury-sender:payouts', payment(key))
    expect(sent).toMatchObject({ status: 'sent' })
    return sent.transaction_id as string
  }
  const read = ({ headers, body }: Heard) => ({
    timestamp: String(headers['x-timestamp']),
    signature: String(headers['x-signature']),
    body,
  })
  const idOf = ({ body }: Heard) => JSON.parse(body).id as string

  test('that cannot be read yet keeps nothing from being mined', async () => {
    const id = await send('early')
    const report = await reconcile()
    expect(report).toMatchObject({
      finalBelow: 1,
      counts: { mined: 1, delivered: 0 },
      notices: [
        {
          type: 'webhook.failed',
          transaction_id: id,
          text: expect.stringMatching(
            /^The webhook did not confirm the event: arn:aws:\S+ could not be read: \S+ .* The event will be sent again\.$/s,
          ),
        },
      ],
    })
    await stack.call(['ssm', 'AmazonSSM.PutParameter'], {
      ...{ Name: '/treasury/hook', Type: 'SecureString' },
      Value: receiver.url(),
    })
    await stack.call(['secretsmanager', 'secretsmanager.CreateSecret'], {
      ...{ Name: 'hook-key', SecretString: secret },
      ClientRequestToken: randomUUID(),
    })
    expect(await reconcile()).toMatchObject({ counts: { delivered: 1 } })
    expect(receiver.heard.map(idOf)).toEqual([`${id}-mined`])
  }, 60_000)

  test('is signed and dated, and nobody else can make or keep it', async () => {
    const [heard] = receiver.heard as [Heard]
    const delivery = read(heard)
    expect(heard.headers['x-timestamp']).toMatch(/^\d{10}$/)
    expect(heard.headers['x-signature']).toMatch(/^sha256=[0-9a-f]{64}$/)
    expect(verifyWebhook(secret, delivery)).toBe(true)
    const late = Number(delivery.timestamp) * 1000 + 300_001
    for (const [key, changed, now] of [
      ['what only a thief would say', delivery, undefined],
      [secret, { ...delivery, body: `${heard.body}\n` }, undefined],
      [secret, { ...delivery, timestamp: '1795616560' }, 1795616560000],
      [secret, delivery, late],
    ] as const)
      expect(verifyWebhook(key, changed, now ? { now } : {})).toBe(false)
    const event = JSON.parse(heard.body)
    expect(event).toMatchObject({
      type: 'transaction.mined',
      transaction: {
        idempotency_key: 'early',
        status: 'mined',
        final: true,
        nonce: 0,
        receipt_status: 'succeeded',
        attempts: [{ purpose: 'request' }],
      },
    })
    const { signed_tx_hash } = event.transaction
    const mined = await stack.rpc('eth_getTransactionReceipt', [signed_tx_hash])
    expect(mined).toMatchObject({ status: '0x1' })
  })

  test('is understood by the receiver in sending.md', async () => {
    const [heard] = receiver.heard as [Heard]
    const [, sample = ''] = /```json\n(\{\n {2}"id".*?)```/s.exec(guide) ?? []
    expect(shapeOf(JSON.parse(sample))).toEqual(shapeOf(JSON.parse(heard.body)))
    const documented = await startDocumented()
    const { timestamp, signature, body } = read(heard)
    const post = async (body: string) => {
      const headers = { 'x-timestamp': timestamp, 'x-signature': signature }
      const init = { method: 'POST', headers, body }
      return (await fetch(documented.url, init)).status
    }
    expect(await post(`${body} `)).toBe(401)
    expect(await post(body)).toBe(204)
    expect(documented.printed).toEqual([body])
    await documented.close()
  })

  test('that answers 500 hears of it again, under the same id', async () => {
    receiver.heard.length = 0
    receiver.answer(500)
    const id = await send('again')
    const report = await reconcile()
    expect(report.notices).toEqual([
      {
        type: 'webhook.failed',
        transaction_id: id,
        text: `The webhook at ${receiver.origin()} did not confirm the event: it returned HTTP 500. The event will be sent again.`,
      },
    ])
    expect(receiver.heard).toHaveLength(3)
    receiver.answer(204)
    expect(await reconcile()).toMatchObject({ counts: { delivered: 1 } })
    expect(new Set(receiver.heard.map(idOf))).toEqual(new Set([`${id}-mined`]))
    expect(receiver.heard).toHaveLength(4)
    expect(
      receiver.heard.every((each) => verifyWebhook(secret, read(each))),
    ).toBe(true)
    expect(await reconcile()).toMatchObject({ counts: { delivered: 0 } })
    expect(receiver.heard).toHaveLength(4)
  }, 60_000)

  test('that is down hears of all when it is up again, and once', async () => {
    receiver.heard.length = 0
    await receiver.close()
    const ids = [await send('down-1'), await send('down-2')]
    const report = await reconcile()
    expect(report).toMatchObject({ counts: { mined: 2, delivered: 0 } })
    expect(report.notices).toHaveLength(2)
    expect(report.notices[0].text).toMatch(/cannot be reached \(ECONNREFUSED\)/)
    await receiver.open()
    expect(await reconcile()).toMatchObject({ counts: { delivered: 2 } })
    expect(receiver.heard.map(idOf).sort()).toEqual(
      ids.map((id) => `${id}-mined`).sort(),
    )
  }, 60_000)

  test('is told of a cancel as what it is', async () => {
    receiver.heard.length = 0
    await stack.rpc('evm_setAutomine', [false])
    const id = await send('cancelled')
    const cancelled = await stack.invoke('treasury-sender:payouts', {
      ...{ operation: 'cancel', idempotency_key: 'cancelled' },
    })
    await stack.rpc('evm_mine')
    await stack.rpc('evm_setAutomine', [true])
    await reconcile()
    expect(receiver.heard.map(({ body }) => JSON.parse(body))).toMatchObject([
      {
        id: `${id}-replaced`,
        type: 'transaction.replaced',
        transaction: {
          signed_tx_hash: cancelled.cancel_tx_hash,
          reason: { code: 'cancelled' },
        },
      },
    ])
  }, 60_000)

  test('its address and key are in nothing that is said', () => {
    const said = stack.lines.join('\n')
    expect(said.includes('did not confirm the event')).toBe(true)
    for (const part of [token, secret]) expect(said.includes(part)).toBe(false)
  })
})
