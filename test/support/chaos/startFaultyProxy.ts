import { once } from 'node:events'
import { createServer, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from './random.js'

type Call = { id: number; method: string; params: unknown[] }

/** What happens to one call. */
type Fault = (
  call: Call,
  forward: () => Promise<string>,
  response: ServerResponse,
) => Promise<void>

const fail =
  (message: string, code = -32000) =>
  ({ id }: Call, response: ServerResponse) =>
    response.end(
      JSON.stringify({ jsonrpc: '2.0', id, error: { code, message } }),
    )
const succeed = ({ id }: Call, result: unknown, response: ServerResponse) =>
  response.end(JSON.stringify({ jsonrpc: '2.0', id, result }))

/** Of any call. */
const general: Record<string, Fault> = {
  'dropped before it arrived': async (_, __, response) => {
    response.destroy()
  },
  'answer dropped': async (_, forward, response) => {
    await forward()
    response.destroy()
  },
  'done twice': async (_, forward, response) => {
    await forward()
    response.end(await forward())
  },
  garbage: async (_, __, response) => {
    response.end('<html>{"jsonrpc":"2.0"')
  },
  'answer cut off': async (_, forward, response) => {
    const body = await forward()
    response.writeHead(200, { 'content-length': body.length })
    response.write(body.slice(0, body.length / 2), () => response.destroy())
  },
  'HTTP 503': async (_, __, response) => {
    response.writeHead(503).end()
  },
  'HTTP 429': async (_, __, response) => {
    response.writeHead(429).end()
  },
  'answer of another call': async ({ id }, forward, response) => {
    response.end((await forward()).replace(`"id":${id}`, `"id":${id + 1}`))
  },
  'null where there is something': async (call, forward, response) => {
    if (!/Receipt|ByHash/.test(call.method)) response.end(await forward())
    else succeed(call, null, response)
  },
}

/** Lies about a transaction, told after it was passed on or instead of it. */
const lies: Fault[] = [
  'nonce too low',
  'already known',
  'replacement transaction underpriced',
  'insufficient funds for gas * price + value',
  'max fee per gas less than block base fee',
].flatMap((message): Fault[] => [
  async (call, _, response) => {
    fail(message)(call, response)
  },
  async (call, forward, response) => {
    await forward()
    fail(message)(call, response)
  },
])
const lostSilently: Fault = async (call, _, response) =>
  void succeed(call, `0x${'1'.repeat(64)}`, response)

const old: Fault = async (call, forward, response) => {
  const body = await forward()
  const { result } = JSON.parse(body)
  if (typeof result !== 'string') return void response.end(body)
  const value = BigInt(result)
  const less = value > 3n ? value - 3n : 0n
  succeed(call, `0x${less.toString(16)}`, response)
}

/**
 * Stands between the senders and the chain. `share` of the calls go wrong, a
 * part of them badly: delayed, dropped, done twice, cut, answered by garbage, by
 * an old number or by a lie.
 */
export async function startFaultyProxy(target: string, random: Random) {
  const proxy = { url: '', share: 0, faults: 0, calls: 0 }
  const server = createServer(async (incoming, response) => {
    response.on('error', () => {})
    const body = Buffer.concat(await incoming.toArray()).toString()
    const call: Call = JSON.parse(body)
    const forward = () => post(target, body)
    proxy.calls++
    try {
      if (!random.chance(proxy.share)) return void response.end(await forward())
      proxy.faults++
      await choose(call, random)(call, forward, response)
    } catch {
      response.destroy()
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  proxy.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return Object.assign(proxy, {
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  })
}

function choose({ method }: Call, random: Random): Fault {
  if (random.chance(0.3))
    return async (_, forward, response) => {
      await sleep(random.below(1500))
      response.end(await forward())
    }
  if (method === 'eth_sendRawTransaction' && random.chance(0.6))
    return random.chance(0.1) ? lostSilently : random.pick(lies)
  if (/Count|blockNumber/.test(method) && random.chance(0.5)) return old
  return random.pick(Object.values(general))
}

function post(url: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      {
        method: 'POST',
        agent: false,
        timeout: 5000,
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        },
      },
      async (answer) => {
        try {
          resolve(Buffer.concat(await answer.toArray()).toString())
        } catch (error) {
          reject(error)
        }
      },
    )
    outgoing.on('timeout', () => outgoing.destroy())
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}
