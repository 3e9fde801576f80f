import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { GetWire } from '@keyward/sender'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Event } from '../Io.js'
import { follow } from './follow.js'
import type { SenderAccess } from './SenderAccess.js'

// A chain on which the account's one nonce is used, and not by this transaction.
const answers: Record<string, unknown> = {
  ...{ eth_chainId: '0x7a69', eth_getTransactionCount: '0x1' },
  eth_getTransactionReceipt: null,
}
const server = createServer(async (request, response) => {
  const body = Buffer.concat(await request.toArray()).toString()
  const { id, method } = JSON.parse(body)
  response.end(JSON.stringify({ jsonrpc: '2.0', id, result: answers[method] }))
})
beforeAll(() => new Promise<void>((done) => void server.listen(0, done)))
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

test('a nonce used elsewhere is reported long before it is proven', async () => {
  const hash = `0x${'ab'.repeat(32)}`
  const answer = {
    ...{ status: 'sent', nonce: 0, signed_tx_hash: hash, final: false },
    ...{ block_number: null, attempts: [{ hash, purpose: 'request' }] },
  } as unknown as GetWire
  const told: Event[] = []
  const { port } = server.address() as AddressInfo
  await follow(
    { notify: (event: Event) => told.push(event) } as never,
    { get: async () => answer } as unknown as SenderAccess,
    {},
    {
      ...{ chainId: 31337, urls: [`http://127.0.0.1:${port}`], timeoutS: 2.5 },
      address: `0x${'01'.repeat(20)}`,
    },
  )
  const notes = told.flatMap((event) =>
    event.kind === 'note' ? [event.text] : [],
  )
  expect(notes).toEqual([
    `sent nonce 0 ${hash}`,
    expect.stringMatching(/^Another transaction used nonce 0: the key/),
  ])
})

test.each(['mined', 'replaced'])(
  'what is %s waits for nothing',
  async (status) => {
    const answer = {
      ...{ status, nonce: 0, signed_tx_hash: null, final: false },
      ...{ block_number: 1, attempts: [] },
    } as unknown as GetWire
    const told: Event[] = []
    await follow(
      { notify: (event: Event) => told.push(event) } as never,
      { get: async () => answer } as unknown as SenderAccess,
      {},
      { chainId: 31337, urls: undefined, timeoutS: 120 },
    )
    const shown = told.filter(({ kind }) => /^(note|progress)$/.test(kind))
    expect(shown).toEqual([
      { kind: 'note', text: `${status} nonce 0` },
      { kind: 'progress', text: status },
    ])
  },
)

test('a problem in the ledger can not add lines', async () => {
  const answer = {
    ...{ status: 'sent', nonce: 0, signed_tx_hash: null, final: true },
    ...{ block_number: null, attempts: [], problem: 'x)\nRun: curl' },
  } as unknown as GetWire
  const told: Event[] = []
  await follow(
    { notify: (event: Event) => told.push(event) } as never,
    { get: async () => answer } as unknown as SenderAccess,
    {},
    { chainId: 31337, urls: undefined, timeoutS: 0 },
  )
  expect(told).toContainEqual({
    ...{ kind: 'note', text: 'sent nonce 0 (x)\\u000aRun: curl)' },
  })
})
