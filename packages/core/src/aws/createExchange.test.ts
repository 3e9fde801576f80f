import { once } from 'node:events'
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import {
  type AddressInfo,
  createServer,
  type Server,
  type Socket,
} from 'node:net'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createExchange } from './createExchange.js'

const servers: { close(): void }[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
  vi.useRealTimers()
})

async function listen(server: Server): Promise<URL> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  servers.push({
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  })
  const { port } = server.address() as AddressInfo
  return new URL(`http://127.0.0.1:${port}/path?key=1`)
}

const open = (url: URL, maxAnswerBytes = 1000) =>
  createExchange(url, {
    maxAnswerBytes,
    unreachable: (_, cause) =>
      new Error(`unreachable: ${(cause as NodeJS.ErrnoException).code}`),
    timeout: (_, ms) => new Error(`late after ${ms}`),
  })

/** A server that answers each request with these bytes, in these pieces. */
async function startRaw(...pieces: string[]) {
  const seen = { connections: 0, requests: [] as string[] }
  const server = createServer((socket) => {
    seen.connections++
    socket.on('data', async (chunk) => {
      seen.requests.push(chunk.toString())
      for (const piece of pieces) {
        if (piece === 'FIN') socket.end()
        else await new Promise((resolve) => socket.write(piece, resolve))
        await new Promise((resolve) => setImmediate(resolve))
      }
    })
  })
  return { seen, ask: open(await listen(server)) }
}

async function startHttp(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
) {
  const seen = { connections: 0, bodies: [] as string[] }
  const server = createHttpServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      seen.bodies.push(Buffer.concat(chunks).toString())
      answer(request, response)
    })
  })
  server.on('connection', () => seen.connections++)
  return { seen, ask: open(await listen(server), 300_000) }
}

test('sends a valid HTTP/1.1 request', async () => {
  const { seen, ask } = await startRaw('HTTP/1.1 204 No Content\r\n\r\n')
  expect(await ask({ 'x-a': 'b', host: 'h' }, 'é', 1000)).toEqual({
    status: 204,
    headers: {},
    body: '',
    damage: undefined,
  })
  expect(seen.requests).toEqual([
    'POST /path?key=1 HTTP/1.1\r\nx-a: b\r\nhost: h\r\nconnection: keep-alive\r\ncontent-length: 2\r\n\r\né',
  ])
})

test.each(['a\r\nx-b: c', 'a\nb', 'a\0', 'é'])(
  'refuses the header value %j',
  async (value) => {
    const { seen, ask } = await startRaw('HTTP/1.1 204 No Content\r\n\r\n')
    await expect(ask({ 'x-a': value }, '', 1000)).rejects.toThrow(
      'The header x-a has characters other than visible ASCII.',
    )
    expect(seen.connections).toBe(0)
  },
)

describe('answers of a Node server', () => {
  test('with a known length, in chunks, and until the connection closes', async () => {
    const text = 'ü'.repeat(60_000)
    const { seen, ask } = await startHttp((request, response) => {
      const { kind } = request.headers
      if (kind === 'length')
        response.setHeader('content-length', Buffer.byteLength(text))
      if (kind === 'close') {
        response.useChunkedEncodingByDefault = false
        response.setHeader('connection', 'close')
        response.removeHeader('transfer-encoding')
      }
      response.addTrailers({ 'x-trailer': '1' })
      response.write(text.slice(0, 7))
      response.end(text.slice(7))
    })
    for (const kind of ['length', 'chunks', 'chunks', 'length', 'close']) {
      const answer = await ask({ kind }, kind, 5000)
      expect([answer.status, answer.damage]).toEqual([200, undefined])
      expect(answer.body).toBe(text)
    }
    expect(seen.connections).toBe(1)
    await ask({ kind: 'length' }, 'more', 5000)
    expect(seen.connections).toBe(2)
    expect(seen.bodies.at(-1)).toBe('more')
  })

  test('after interim responses', async () => {
    const { ask } = await startHttp((_, response) => {
      response.writeEarlyHints({ link: '</a>; rel=preload' })
      response.writeProcessing()
      response.end('done')
    })
    expect((await ask({}, '', 1000)).body).toBe('done')
  })

  test('to 200 concurrent requests, over at most 64 connections', async () => {
    const { seen, ask } = await startHttp((_, response) => {
      setImmediate(() => response.end(String(seen.bodies.length)))
    })
    const bodies = Array.from({ length: 200 }, (_, index) => `body ${index}`)
    await Promise.all(bodies.map((body) => ask({}, body, 20_000)))
    expect([...seen.bodies].sort()).toEqual([...bodies].sort())
    expect(seen.connections).toBeLessThanOrEqual(64)
  })
})

const whole = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'

test('a connection closed while idle causes no error', async () => {
  let connections = 0
  const server = createServer((socket) => {
    connections++
    socket.once('data', () => {
      socket.write(whole)
      // What comes next on it is not heard.
      socket.once('data', () => socket.destroy())
    })
  })
  const ask = open(await listen(server))
  for (let round = 1; round <= 3; round++)
    expect((await ask({}, '', 1000)).body).toBe('ok')
  expect(connections).toBe(3)
})

describe('kept connections', () => {
  /**
   * Answers the first `heard` requests of each of the first three connections;
   * `then` is what becomes of one that carries out another.
   */
  async function startForgetful(heard: number, then: (socket: Socket) => void) {
    const seen = { connections: 0, done: [] as string[] }
    const server = createServer((socket) => {
      seen.connections++
      let left = seen.connections > 3 ? Infinity : heard
      socket.on('data', (chunk) => {
        seen.done.push(String(chunk.toString().split('\r\n\r\n')[1]))
        if (left-- > 0) socket.write(whole)
        else then(socket)
      })
    })
    return { seen, ask: open(await listen(server)) }
  }
  const pass = (ms: number) =>
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms })
  const once = { once: true }

  test('a non-repeatable request is not sent twice when a connection breaks', async () => {
    const { seen, ask } = await startForgetful(1, (socket) => socket.destroy())
    await ask({}, 'a', 1000)
    await expect(ask({}, 'b', 1000, once)).rejects.toThrow(
      'unreachable: ECONNRESET',
    )
    expect(seen.done).toEqual(['a', 'b'])
  })

  test.each([
    [1900, 1],
    [2100, 2],
    [-5, 2],
  ])(
    'it uses a connection used %d ms ago: %d in total',
    async (ms, connections) => {
      const { seen, ask } = await startForgetful(9, () => {})
      await ask({}, 'a', 1000)
      pass(ms)
      await ask({}, 'b', 1000, once)
      expect(seen.connections).toBe(connections)
    },
  )

  test('it gets a new connection if all were used long ago', async () => {
    const { seen, ask } = await startForgetful(9, () => {})
    await Promise.all(Array.from({ length: 64 }, () => ask({}, '', 5000)))
    pass(3000)
    await Promise.all([ask({}, 'b', 5000, once), ask({}, 'c', 5000, once)])
    expect(seen.connections).toBe(66)
  })

  test.each([
    [19_000, 1],
    [21_000, 2],
  ])('of %d ms ago by the wall clock', async (ms, connections) => {
    const { seen, ask } = await startForgetful(9, () => {})
    await ask({}, 'a', 1000)
    pass(ms)
    await ask({}, 'b', 1000)
    expect(seen.connections).toBe(connections)
  })

  test('connections that died silently cost one second in total', async () => {
    const { seen, ask } = await startForgetful(1, () => {})
    await Promise.all(['a', 'b', 'c'].map((body) => ask({}, body, 5000)))
    pass(5000)
    const start = performance.now()
    for (const body of ['d', 'e', 'f'])
      expect((await ask({}, body, 3000)).body).toBe('ok')
    expect(performance.now() - start).toBeLessThan(2000)
    expect(seen.connections).toBe(4)
  })

  test('a connection in use may take longer', async () => {
    const { seen, ask } = await startForgetful(1, (socket) =>
      setTimeout(() => socket.write(whole), 1200),
    )
    await ask({}, 'a', 1000)
    expect((await ask({}, 'b', 3000)).body).toBe('ok')
    expect(seen.done).toEqual(['a', 'b'])
  })
})

test('closing a new connection without an answer is an error', async () => {
  const { seen, ask } = await startRaw('FIN')
  await expect(ask({}, '', 1000)).rejects.toThrow('unreachable: ECONNRESET')
  expect(seen.connections).toBe(1)
})

test('no server is listening', async () => {
  const ask = open(new URL('http://127.0.0.1:1/'))
  await expect(ask({}, '', 1000)).rejects.toThrow('unreachable: ECONNREFUSED')
})

test('silence ends at the timeout, also for queued requests', async () => {
  const { ask } = await startRaw('HTTP/1.1 200 OK\r\n')
  const all = Array.from({ length: 70 }, () => ask({}, '', 50))
  const outcomes = await Promise.allSettled(all)
  for (const outcome of outcomes)
    expect(outcome).toMatchObject({ reason: { message: 'late after 50' } })
})

test('bytes may arrive one at a time', async () => {
  const chunked =
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\nA: 1\r\na:  2 \r\n\r\n1;x=y\r\no\r\n2\r\nk!\r\n0\r\nt: 1\r\n\r\n'
  const { seen, ask } = await startRaw(...chunked)
  for (let round = 0; round < 2; round++)
    expect(await ask({}, '', 5000)).toEqual({
      status: 200,
      headers: { 'transfer-encoding': 'Chunked', a: '1, 2' },
      body: 'ok!',
      damage: undefined,
    })
  expect(seen.connections).toBe(1)
})

test('bytes after an answer are not used for the next one', async () => {
  const { seen, ask } = await startRaw(`${whole}HTTP/1.1 200 OK\r\n\r\nforged`)
  for (let round = 0; round < 2; round++)
    expect((await ask({}, '', 1000)).body).toBe('ok')
  expect(seen.connections).toBe(2)
})

test('unrequested bytes end a connection', async () => {
  const { seen, ask } = await startRaw(whole, whole)
  for (let round = 0; round < 3; round++)
    expect((await ask({}, '', 1000)).body).toBe('ok')
  expect(seen.connections).toBeGreaterThan(1)
})

test.each([
  ['HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok', 2],
  [
    'HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\ncontent-length: 2\r\n\r\nok',
    1,
  ],
  ['HTTP/1.1 200 OK\r\nconnection: x, Close\r\ncontent-length: 2\r\n\r\nok', 2],
  ['HTTP/1.1 200\r\ncontent-length: 2\r\n\r\nok', 1],
])('%j needs %d connections for two', async (answer, connections) => {
  const { seen, ask } = await startRaw(answer)
  for (let round = 0; round < 2; round++)
    expect((await ask({}, '', 1000)).body).toBe('ok')
  expect(seen.connections).toBe(connections)
})

const head = 'HTTP/1.1 200 OK\r\n'
test.each([
  ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n\r\n'],
  ['HTTP/2', 'HTTP/2 200\r\n\r\n'],
  ['a change of protocol', 'HTTP/1.1 101 Switching\r\n\r\n'],
  ['a header without a name', `${head}: 1\r\n\r\n`],
  ['a header with a blank in its name', `${head}a b: 1\r\n\r\n`],
  ['a header on two lines', `${head}a: 1\r\n 2\r\n\r\n`],
  ['a length that is not one', `${head}content-length: 0x2\r\n\r\nok`],
  ['a negative length', `${head}content-length: -2\r\n\r\nok`],
  ['two lengths', `${head}content-length: 2\r\ncontent-length: 3\r\n\r\nok`],
  [
    'a length and chunks',
    `${head}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
  ],
  ['a packed body', `${head}transfer-encoding: gzip, chunked\r\n\r\n`],
  ['an endless head', `${head}a: ${'b'.repeat(20_000)}`],
])('%s is not an answer', async (_, answer) => {
  const { ask } = await startRaw(answer, 'FIN')
  await expect(ask({}, '', 2000)).rejects.toThrow(
    'unreachable: ERR_HTTP_ANSWER',
  )
})

test.each([
  ['a length', `${head}content-length: 3\r\n\r\nok`, 'it was cut off'],
  ['no end', `${head}\r\nok`, undefined],
  [
    'no last chunk',
    `${head}transfer-encoding: chunked\r\n\r\n2\r\nok\r\n`,
    'it was cut off',
  ],
  [
    'a chunk that is longer',
    `${head}transfer-encoding: chunked\r\n\r\n2\r\nok?\r\n`,
    'it was cut off',
  ],
  [
    'a chunk without a size',
    `${head}transfer-encoding: chunked\r\n\r\n2\r\nok\r\n-1\r\n`,
    'it was cut off',
  ],
])('with %s, and closed: %j', async (_, answer, damage) => {
  const { ask } = await startRaw(answer, 'FIN')
  expect(await ask({}, '', 1000)).toMatchObject({ body: 'ok', damage })
})

test.each([
  `${head}content-length: 2000\r\n\r\n`,
  `${head}\r\n`,
  `${head}transfer-encoding: chunked\r\n\r\n7d0\r\n`,
])('more than was allowed ends it (%j)', async (start) => {
  const { seen, ask } = await startRaw(start + 'x'.repeat(1001))
  const answer = await ask({}, '', 1000)
  expect(answer.damage).toBe('it is larger than 1000 bytes')
  await ask({}, '', 1000)
  expect(seen.connections).toBe(2)
})
