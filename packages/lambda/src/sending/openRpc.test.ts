import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { createLog } from '../runtime/log.js'
import { openRpc } from './openRpc.js'
import * as SendingConfig from './SendingConfig.js'

const arn = 'arn:aws:ssm:us-east-1:000000000000:parameter/treasury/rpc'
const config = SendingConfig.read({
  KMS_KEY_ID: 'alias/treasury',
  ETH_NETWORK: 'sepolia',
  LEDGER_TABLE: 'ledger',
  RPC_URL: arn,
})
const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

/** A node of a chain, with a key in its URL. */
async function startNode(chain: number) {
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString()
    const { id, method } = JSON.parse(body)
    const result = method === 'eth_chainId' ? `0x${chain.toString(16)}` : '0x7'
    response.end(JSON.stringify({ jsonrpc: '2.0', id, result }))
  })
  closers.push(
    () => server.closeAllConnections(),
    () => server.close(),
  )
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return { host, url: `http://${host}/v3/a-key-of-the-provider` }
}

function open(text: string) {
  const kept = { text }
  const lines: string[] = []
  const log = createLog('INFO', (line) => void lines.push(line))
  const secrets = { read: async () => kept.text }
  return { kept, lines, rpc: openRpc(config, secrets, log) }
}

test('a changed URL is reported once, with its host only', async () => {
  const [first, second] = [await startNode(11155111), await startNode(11155111)]
  const { kept, lines, rpc } = open(first.url)
  for (let calls = 0; calls < 2; calls++)
    expect(await rpc.request('eth_gasPrice')).toBe('0x7')
  expect(lines).toEqual([])
  kept.text = `${second.url} ${first.url}`
  for (let calls = 0; calls < 2; calls++)
    expect(await rpc.request('eth_gasPrice')).toBe('0x7')
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    {
      level: 'WARN',
      code: 'rpc.changed',
      network: 'sepolia',
      message: expect.stringContaining(
        `The endpoints of ${arn} were changed from ${first.host} to ${second.host}, ${first.host}.`,
      ),
    },
  ])
  expect(lines.join()).not.toContain('a-key-of-the-provider')
})

test('a different key for the same host is reported too', async () => {
  const { url, host } = await startNode(11155111)
  const { kept, lines, rpc } = open(url)
  await rpc.request('eth_gasPrice')
  kept.text = `${url}-anew`
  await rpc.request('eth_gasPrice')
  expect(lines.join()).toContain(`from ${host} to ${host}.`)
})

test('a URL of another chain is reported, and not used', async () => {
  const [first, other] = [await startNode(11155111), await startNode(1)]
  const { kept, lines, rpc } = open(first.url)
  await rpc.request('eth_gasPrice')
  kept.text = other.url
  await expect(rpc.request('eth_gasPrice')).rejects.toThrow(
    'serves chain 1, not chain 11155111',
  )
  expect(lines).toHaveLength(1)
})
