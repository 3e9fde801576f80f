import { once } from 'node:events'
import {
  Agent,
  createServer,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import type { Duplex } from 'node:stream'
import { isLocalHost } from '../protocol/isLocalHost.js'
import { toPortError } from './freePort.js'

export type Door = {
  port: number
  close(): Promise<void>
}

/** A browser wallet has such an origin. A page's script can't claim one. */
const extension = /^(?:chrome|moz|safari-web)-extension:\/\/[\w-]+$/

/**
 * The chain's public address. It forwards requests from programs on this
 * machine and from browser extensions to the chain, over HTTP and WebSocket. It
 * refuses web pages by their Origin or, after DNS rebinding, by their Host,
 * because anvil answers everyone and its accounts are unlocked.
 *
 * @throws {HomeError} port-taken
 */
export async function openDoor(
  port: number,
  behind: { host: string; port: number },
  flag: string,
): Promise<Door> {
  const agent = new Agent({ keepAlive: true })
  const piped = new Set<Duplex>()

  const server = createServer((incoming, outgoing) => {
    const refusal = refuse(incoming)
    if (refusal !== undefined) return answer(outgoing, 403, refusal)
    const { origin } = incoming.headers
    const cors = origin === undefined ? {} : toCors(origin)
    if (incoming.method === 'OPTIONS') return answer(outgoing, 204, '', cors)
    const { method, url, headers } = incoming
    const onward = request(
      { agent, ...behind, method, path: url, headers },
      (response) => {
        outgoing.writeHead(response.statusCode ?? 502, {
          ...response.headers,
          ...cors,
        })
        response.pipe(outgoing)
      },
    )
    onward.on('error', () => outgoing.destroy())
    outgoing.on('close', () => onward.destroy())
    incoming.pipe(onward)
  })
  server.on('upgrade', (incoming: IncomingMessage, near: Duplex, head) => {
    near.on('error', () => near.destroy())
    const refusal = refuse(incoming)
    if (refusal !== undefined) {
      near.end(`HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n${refusal}`)
      return
    }
    const far = connect(behind)
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      piped.add(one)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        piped.delete(one)
        other.destroy()
      })
      one.pipe(other)
    }
    far.write(toHead(incoming))
    if (head.length > 0) far.write(head)
  })
  server.keepAliveTimeout = 65_000
  server.listen({ port, host: '127.0.0.1' })
  await once(server, 'listening').catch((error) => {
    throw toPortError(error, port, flag)
  })
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      for (const socket of piped) socket.destroy()
      agent.destroy()
      await closed
    },
  }
}

function refuse({ url = '', headers }: IncomingMessage): string | undefined {
  if (!url.startsWith('/'))
    return 'The request line must contain a path, not a whole URL.'
  if (!isLocalHost(headers.host))
    return 'The Host header must be 127.0.0.1, localhost or [::1], with any port: this chain only answers requests from its own machine.'
  if (headers.origin !== undefined && !extension.test(headers.origin))
    return "Web pages can't use this chain, because its accounts are unlocked. Browser wallets can."
  return undefined
}

function toCors(origin: string) {
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-headers': 'content-type',
    'access-control-allow-methods': 'POST',
    vary: 'origin',
  }
}

/** In the format of a node, because clients read the error's message. */
function answer(
  outgoing: ServerResponse,
  status: number,
  message: string,
  headers: Record<string, string> = {},
): void {
  const error = { code: -32600, message }
  outgoing.writeHead(status, {
    ...headers,
    'content-type': 'application/json',
    connection: 'close',
  })
  outgoing.end(
    message === '' ? '' : JSON.stringify({ jsonrpc: '2.0', id: null, error }),
  )
}

function toHead({ method, url, rawHeaders }: IncomingMessage): string {
  let head = `${method} ${url} HTTP/1.1\r\n`
  for (let at = 0; at < rawHeaders.length; at += 2)
    head += `${rawHeaders[at]}: ${rawHeaders[at + 1]}\r\n`
  return `${head}\r\n`
}
