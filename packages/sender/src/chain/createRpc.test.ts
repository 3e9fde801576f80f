import { once } from 'node:events'
import {
  createServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import type { RpcAuth, RpcOptions, RpcRefusedError } from '@keyward/core/rpc'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createChain } from './createChain.js'
import { createRpc } from './createRpc.js'

type Call = { id: number; method: string; params: unknown[] }
type Turn = (call: Call, response: ServerResponse) => void

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

const answer =
  (result: unknown): Turn =>
  ({ id }, response) =>
    response.end(JSON.stringify({ jsonrpc: '2.0', id, result }))
const text =
  (body: string, status = 200): Turn =>
  (_, response) =>
    response.writeHead(status).end(body)
const cut: Turn = (_, response) => {
  response.writeHead(200, { 'content-length': '500' })
  response.write('{"jsonrpc', () => response.destroy())
}
const silence: Turn = () => {}

/** A node of chain 5 that takes one turn from the script for each call. */
async function startNode(chain = '0x5') {
  const node = {
    url: '',
    chain,
    script: [] as Turn[],
    calls: [] as string[],
    requests: [] as IncomingMessage[],
    connections: 0,
  }
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString()
    const call: Call = JSON.parse(body)
    node.calls.push(call.method)
    node.requests.push(request)
    if (call.method === 'eth_chainId') return answer(node.chain)(call, response)
    return (node.script.shift() ?? answer('0x1'))(call, response)
  })
  server.on('connection', () => node.connections++)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  node.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  closers.push(close)
  return Object.assign(node, { close })
}

const create = (urls: string[], options: Partial<RpcOptions> = {}) =>
  createRpc({ urls, chainId: 5, timeoutMs: 500, ...options })

const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => 'accepted',
    (error: Error) => `${error.name}: ${error.message}`,
  )

describe('good days', () => {
  test('asks for the chain id once, over one connection', async () => {
    const node = await startNode()
    const rpc = create([node.url])
    for (let i = 0; i < 5; i++)
      expect(await rpc.request('eth_gasPrice')).toBe('0x1')
    expect(node.calls).toEqual([
      'eth_chainId',
      ...Array(5).fill('eth_gasPrice'),
    ])
    expect(node.connections).toBe(1)
  })

  test('concurrent calls share the chain id request', async () => {
    const node = await startNode()
    const rpc = create([node.url])
    await Promise.all(Array.from({ length: 8 }, () => rpc.request('a')))
    expect(node.calls.filter((name) => name === 'eth_chainId')).toHaveLength(1)
  })

  test('null is an answer', async () => {
    const node = await startNode()
    node.script.push(answer(null))
    expect(await create([node.url]).request('x')).toBe(null)
  })
})

describe('temporary problems', () => {
  test.each([
    ['silence', silence],
    ['an answer cut off', cut],
    ['HTTP 503', text('', 503)],
    ['HTTP 429', text('', 429)],
    ['no JSON', text('<html>')],
    ['another id', text('{"jsonrpc":"2.0","id":999,"result":"0x2"}')],
    ['a list', text('[]')],
    ['an error in words', text('{"jsonrpc":"2.0","id":2,"error":"busy"}')],
    ['neither result nor error', text('{"jsonrpc":"2.0","id":2}')],
    ['megabytes', text('x'.repeat(200_000))],
    [
      'a limit in words',
      text(
        '{"jsonrpc":"2.0","id":2,"error":{"code":-32000,"message":"Too Many Requests: rate limit exceeded"}}',
      ),
    ],
    [
      'a limit as JSON-RPC says it',
      text(
        '{"jsonrpc":"2.0","id":2,"error":{"code":-32005,"message":"limit"}}',
      ),
    ],
    ...[
      [-32029, 'limit'],
      [-32000, 'limit exceeded'],
      [-32000, 'daily request count exceeded'],
      [-32000, 'exceeded its compute units per second capacity'],
      [-32000, '503 Service Unavailable: <html>'],
      [-32005, 'txpool is full'],
    ].map(([code, message]): [string, Turn] => [
      `${message} (${code})`,
      ({ id }, response) =>
        response.end(
          JSON.stringify({ jsonrpc: '2.0', id, error: { code, message } }),
        ),
    ]),
  ] as [string, Turn][])('%s once', async (_, turn) => {
    const node = await startNode()
    node.script.push(turn)
    const rpc = create([node.url], { maxResponseBytes: 100_000 })
    expect(await rpc.request('eth_gasPrice')).toBe('0x1')
    // After a failure the endpoint has to prove its chain again.
    expect(node.calls).toEqual([
      ...['eth_chainId', 'eth_gasPrice'],
      ...['eth_chainId', 'eth_gasPrice'],
    ])
  })

  test('a kept connection that was closed is reopened', async () => {
    const node = await startNode()
    const rpc = create([node.url])
    node.script.push((_, response) => response.destroy())
    expect(await rpc.request('a')).toBe('0x1')
    expect(node.calls).toEqual(['eth_chainId', 'a', 'a'])
  })

  test('waits longer after a limit than after a failure', async () => {
    const node = await startNode()
    const error = { code: -32005, message: 'limit exceeded' }
    const limited: Turn = ({ id }, response) =>
      response.end(JSON.stringify({ jsonrpc: '2.0', id, error }))
    node.script.push(...Array(5).fill(limited))
    const rpc = createRpc({ urls: [node.url], chainId: 5 })
    expect(await rpc.request('eth_blockNumber')).toBe('0x1')
  })

  test('an unusable answer makes the call go to the next endpoint', async () => {
    const first = await startNode()
    const second = await startNode()
    first.script.push(answer({}))
    const chain = createChain(create([first.url, second.url]))
    expect(await chain.getGasPrice()).toBe(1n)
    expect(second.calls).toEqual(['eth_chainId', 'eth_gasPrice'])
  })

  test('a caller with little time leaves some for the next endpoint', async () => {
    const first = await startNode()
    const second = await startNode()
    first.script.push(...Array(9).fill(silence))
    const rpc = create([first.url, second.url], { timeoutMs: 60_000 })
    const deadline = Date.now() + 2500
    expect(await rpc.request('a', [], { deadline })).toBe('0x1')
    expect(second.calls).toEqual(['eth_chainId', 'a'])
  })

  test('a caller without time is no reason to leave an endpoint', async () => {
    const first = await startNode()
    const second = await startNode()
    const rpc = create([first.url, second.url])
    await rpc.request('a')
    first.script.push(silence)
    await refusal(rpc.request('b', [], { deadline: Date.now() + 40 }))
    await rpc.request('c')
    expect(first.calls.at(-1)).toBe('c')
  })

  test('compressed answers are not requested', async () => {
    const node = await startNode()
    node.script.push(({ id }, response) => {
      const body = JSON.stringify({ jsonrpc: '2.0', id, result: '0x1' })
      const packs =
        node.requests.at(-1)?.headers['accept-encoding'] !== 'identity'
      response.end(packs ? gzipSync(body) : body)
    })
    expect(await create([node.url]).request('a')).toBe('0x1')
    expect(node.calls).toEqual(['eth_chainId', 'a'])
  })

  test('the next endpoint takes over, and proves its chain', async () => {
    const first = await startNode()
    const second = await startNode()
    const rpc = create([first.url, second.url])
    await rpc.request('a')
    await first.close()
    expect(await rpc.request('b')).toBe('0x1')
    expect(second.calls).toEqual(['eth_chainId', 'b'])
    await rpc.request('c')
    expect(second.calls).toEqual(['eth_chainId', 'b', 'c'])
  })

  test('an endpoint of another chain is passed over', async () => {
    const wrong = await startNode('0x1')
    const right = await startNode()
    const rpc = create([wrong.url, right.url])
    await rpc.request('a')
    expect(wrong.calls).toEqual(['eth_chainId'])
    expect(right.calls).toEqual(['eth_chainId', 'a'])
    const [one, two] = await rpc.check()
    expect(one?.error?.message).toContain('serves chain 1, not chain 5')
    expect(two?.error).toBe(undefined)
  })

  test('an endpoint that switches chains without a failure is left', async () => {
    const [first, second] = [await startNode(), await startNode()]
    const rpc = create([first.url, second.url])
    await rpc.request('a')
    first.chain = '0x1'
    const now = Date.now()
    vi.spyOn(Date, 'now').mockImplementation(() => now + 61_000)
    await rpc.request('b')
    vi.restoreAllMocks()
    expect(first.calls).toEqual(['eth_chainId', 'a', 'eth_chainId'])
    expect(second.calls).toEqual(['eth_chainId', 'b'])
  })

  test('an endpoint that comes back as another chain is not used', async () => {
    const node = await startNode()
    const rpc = create([node.url])
    await rpc.request('a')
    node.chain = '0x1'
    node.script.push(text('', 502))
    expect(await refusal(rpc.request('eth_sendRawTransaction', ['0x']))).toBe(
      `RpcChainError: ${node.url} serves chain 1, not chain 5.
Nothing was sent to it. Correct RPC_URL or ETH_NETWORK: both must be for the same chain.
See docs/errors/rpc-chain.md`,
    )
  })
})

describe('refusals', () => {
  test("the node's reason, cut and without quoted data", async () => {
    const node = await startNode()
    const error = {
      code: 3,
      message: `execution reverted "x" ${'ab'.repeat(200)}\n${'y '.repeat(400)}`,
      data: '0x08c379a0',
    }
    node.script.push(({ id }, response) =>
      response.end(JSON.stringify({ jsonrpc: '2.0', id, error })),
    )
    const failure: RpcRefusedError = await create([node.url])
      .request('eth_call')
      .then(() => expect.unreachable())
      .catch((error) => error)
    expect(failure).toMatchObject({
      name: 'RpcRefusedError',
      rpcCode: 3,
      data: '0x08c379a0',
    })
    expect(failure.message.split('\n')[0]).toMatch(
      /answered eth_call with an error: execution reverted "x" <400 characters>\\ny y/,
    )
    expect(failure.reason.length).toBe(300)
    // A refusal is an answer: nobody is asked again.
    expect(node.calls).toEqual(['eth_chainId', 'eth_call'])
  })

  test.each([
    [
      'a result of null beside it',
      '"result":null,"error":{"code":-1,"message":"m"}',
      -1,
      'm',
    ],
    [
      'a code in quotes',
      '"error":{"code":"-32000","message":"m"}',
      -32000,
      'm',
    ],
    ['no message', '"error":{"code":-32000}', -32000, 'no reason given'],
  ])('an error with %s', async (_, fields, rpcCode, reason) => {
    const node = await startNode()
    node.script.push(text(`{"jsonrpc":"2.0","id":2,${fields}}`))
    const failure = await create([node.url])
      .request('eth_call')
      .catch((error) => error)
    expect(failure).toMatchObject({ name: 'RpcRefusedError', rpcCode, reason })
    expect(node.calls).toEqual(['eth_chainId', 'eth_call'])
  })

  test.each([
    [3, 'execution reverted: rate limit exceeded'],
    [-32000, 'txpool is full'],
    [-32005, 'already known'],
    [-32007, 'Sender account not authorized to send transactions'],
  ])('%s %s is not a limit', async (code, message) => {
    const node = await startNode()
    node.script.push(({ id }, response) =>
      response.end(
        JSON.stringify({ jsonrpc: '2.0', id, error: { code, message } }),
      ),
    )
    expect(await refusal(create([node.url]).request('eth_call'))).toMatch(
      /^RpcRefusedError/,
    )
    expect(node.calls).toEqual(['eth_chainId', 'eth_call'])
  })

  test('an error and a result', async () => {
    const node = await startNode()
    const both =
      '{"jsonrpc":"2.0","id":2,"result":"0x1","error":{"code":1,"message":""}}'
    node.script.push(...Array(9).fill(text(both)))
    expect(await refusal(create([node.url]).request('eth_call'))).toMatch(
      /^RpcResponseError: .*must have either result or error, but not both|another request/,
    )
  })

  test('the response to another request', async () => {
    const node = await startNode()
    const other = '{"jsonrpc":"2.0","id":999,"result":"0x1"}'
    node.script.push(...Array(9).fill(text(other)))
    expect(await refusal(create([node.url]).request('eth_call'))).toMatch(
      /is not valid: it has the id of another request\.\nCheck the endpoint, and any proxy or cache in front of it\./,
    )
  })

  test('redirects are not followed, so no token goes elsewhere', async () => {
    const elsewhere = await startNode()
    const node = await startNode()
    const auth = { type: 'bearer', token: 't0ken' } as const
    node.script.push(
      ...Array<Turn>(9).fill((_, response) =>
        response.writeHead(307, { location: elsewhere.url }).end(),
      ),
    )
    expect(
      await refusal(create([node.url], { auth }).request('eth_call')),
    ).toMatch(/HTTP 307/)
    expect(elsewhere.calls).toEqual([])
  })

  test.each([
    [401, /does not accept these credentials/],
    [404, /answered eth_call with HTTP 404/],
    [500, /HTTP 500/],
  ])('HTTP %s', async (status, expected) => {
    const node = await startNode()
    node.script.push(...Array(9).fill(text('nope', status)))
    expect(await refusal(create([node.url]).request('eth_call'))).toMatch(
      expected,
    )
  })

  test('the deadline ends everything', async () => {
    const node = await startNode()
    node.script.push(...Array(9).fill(silence))
    const start = Date.now()
    const deadline = start + 150
    const rpc = create([node.url], { timeoutMs: 60_000 })
    expect(await refusal(rpc.request('a', [], { deadline }))).toMatch(
      /^RpcTimeoutError: The RPC endpoint http:\/\/127\.0\.0\.1:\d+ did not answer within 1\d\d ms\./,
    )
    expect(Date.now() - start).toBeLessThan(2000)
    expect(await refusal(rpc.request('a', [], { deadline }))).toMatch(
      /The time limit was reached before the RPC endpoint/,
    )
  })

  test.each([
    ['no URL', [], 'there is no URL; set RPC_URL to one or more URLs'],
    ['a word', ['secret-word'], 'an RPC URL must begin with https://'],
    ['another scheme', ['wss://key@host/secret'], 'an RPC URL must begin'],
    ['a key in clear', ['http://node.example/?key=secret'], 'plain http'],
    ['a user in clear', ['http://me:secret@node.example'], 'plain http'],
    ['a fragment', ['https://node.example/#secret'], 'has a fragment'],
    [
      'Managed Blockchain without credentials',
      ['https://nd-x.ethereum.managedblockchain.us-east-1.amazonaws.com'],
      'needs RPC_AUTH=sigv4',
    ],
  ])('%s', (_, urls, expected) => {
    let message = ''
    try {
      create(urls)
    } catch (error) {
      message = (error as Error).message
    }
    expect(message).toContain(expected)
    expect(message).not.toContain('secret')
  })

  test.each<[string, string, RpcAuth]>([
    [
      'bearer over plain http',
      'http://node.example',
      { type: 'bearer', token: 'secret' },
    ],
    [
      'bearer beside a user',
      'https://u:secret@node.example',
      { type: 'bearer', token: 'x' },
    ],
    [
      'sigv4 with a query',
      'https://node.example/?a=secret',
      { type: 'sigv4', region: 'us-east-1' },
    ],
    [
      'sigv4 with odd characters',
      'https://node.example/a%20secret',
      { type: 'sigv4', region: 'us-east-1' },
    ],
  ])('%s', (_, url, auth) => {
    expect(() => create([url], { auth })).toThrow(/misconfigured: (?!.*secret)/)
  })

  test('a node that quotes our keys is not quoted', async () => {
    const node = await startNode()
    const key = 'f0e1d2c3b4a5968778695a4b3c2d1e0f'
    node.script.push(({ id }, response) =>
      response.end(
        JSON.stringify({
          jsonrpc: '2.0',
          id,
          error: {
            code: -32000,
            message: `no plan for /v3/${key}?token=s3cr3t-t0ken of 0x${'ab'.repeat(20)}`,
          },
        }),
      ),
    )
    const rpc = create([`${node.url}/v3/${key}?token=s3cr3t-t0ken`])
    expect(await refusal(rpc.request('a'))).toContain(
      `answered a with an error: no plan for /v3/<hidden>?token=<hidden> of 0x${'ab'.repeat(20)}`,
    )
  })

  test('keys in a URL appear in no message', async () => {
    const node = await startNode()
    node.script.push(...Array(9).fill(text('', 500)))
    const { port } = new URL(node.url)
    const url = `http://user:passw0rd@127.0.0.1:${port}/v2/k3y?billingtoken=t0ken`
    const rpc = create([url])
    const messages = [
      await refusal(rpc.request('a')),
      JSON.stringify(await rpc.check()),
    ]
    await node.close()
    messages.push(await refusal(rpc.request('a')))
    for (const message of messages)
      expect(message).not.toMatch(/passw0rd|k3y|t0ken/)
    expect(node.requests[0]?.url).toBe('/v2/k3y?billingtoken=t0ken')
    expect(node.requests[0]?.headers.authorization).toBe(
      `Basic ${Buffer.from('user:passw0rd').toString('base64')}`,
    )
  })
})

describe('credentials', () => {
  test('a bearer token, requested for each call', async () => {
    const node = await startNode()
    let asked = 0
    const token = async () => `token-${++asked}`
    await create([node.url], { auth: { type: 'bearer', token } }).request('a')
    expect(node.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer token-1',
      'Bearer token-2',
    ])
  })

  test('a signature for Managed Blockchain goes nowhere else', async () => {
    const node = await startNode()
    const managed =
      'https://nd-x.ethereum.managedblockchain.us-east-1.amazonaws.com'
    const auth: RpcAuth = {
      type: 'sigv4',
      credentials: {
        accessKeyId: 'AK',
        secretAccessKey: 's',
        sessionToken: 't',
      },
    }
    await create([`${node.url}/?key=k`, managed], { auth }).request('a')
    for (const { headers } of node.requests)
      expect(Object.keys(headers).join()).not.toMatch(/authorization|x-amz/)
    expect(node.calls).toEqual(['eth_chainId', 'a'])
    // Where no host is known as such, all are meant.
    const region = 'us-east-1'
    await create([node.url], { auth: { ...auth, region } }).request('a')
    expect(node.requests.at(-1)?.headers['x-amz-security-token']).toBe('t')
  })

  test('a token that does not fit in a header is refused, unquoted', async () => {
    const node = await startNode()
    const auth = { type: 'bearer', token: 'sec\nret' } as const
    expect(await refusal(create([node.url], { auth }).request('a'))).toBe(
      `RpcConfigurationError: The RPC client is misconfigured: the bearer token for ${node.url} is empty or has characters that are not allowed in a header; correct the token.
See docs/errors/rpc-configuration.md`,
    )
    expect(node.calls).toEqual([])
  })
})
