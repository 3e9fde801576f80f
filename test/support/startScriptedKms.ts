import { once } from 'node:events'
import {
  createServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { keyArn, type MemoryKey } from './memoryKeyService.js'

export type Turn = (
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
) => void

/**
 * KMS's two operations over real sockets for a key that the test knows. Each
 * request takes the next turn of the script, if there is one, in place of a
 * proper answer.
 */
export async function startScriptedKms(memory: MemoryKey) {
  const script: Turn[] = []
  const requests: {
    target: string
    date: string
    headers: IncomingMessage['headers']
  }[] = []
  const sockets = new Set<Socket>()
  let connections = 0

  const answer: Turn = async (request, response, body) => {
    const input = JSON.parse(body) as { Message?: string }
    const operation = targetOf(request)
    const digest = Buffer.from(input.Message ?? '', 'base64')
    const output =
      operation === 'Sign'
        ? {
            Signature: (await memory.service.signDigest('', digest))
              .der as Buffer,
          }
        : { PublicKey: memory.spki }
    const [[member, bytes] = ['', Buffer.of()]] = Object.entries(output)
    reply(response, 200, { KeyId: keyArn, [member]: bytes.toString('base64') })
  }
  const server = createServer(async (request, response) => {
    // A client that gives up is part of the game.
    request.on('error', () => {})
    const chunks = await request.toArray().catch(() => undefined)
    if (chunks === undefined) return
    requests.push({
      target: targetOf(request),
      date: String(request.headers['x-amz-date']),
      headers: request.headers,
    })
    const turn = script.shift() ?? answer
    turn(request, response, Buffer.concat(chunks).toString())
  })
  server.on('connection', (socket) => {
    connections++
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    endpoint: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    script,
    requests,
    answer,
    connections: () => connections,
    sockets,
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

function targetOf(request: IncomingMessage): string {
  return String(request.headers['x-amz-target']).replace('TrentService.', '')
}

export function reply(
  response: ServerResponse,
  status: number,
  body: object | string,
  headers: Record<string, string> = {},
): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.1',
    'content-length': Buffer.byteLength(text),
    'x-amzn-requestid': 'aaaaaaaa-0000-4000-8000-000000000000',
    ...headers,
  })
  response.end(text)
}

/** A turn that answers as KMS refuses. */
export function refuse(
  status: number,
  __type: string,
  message?: string,
  headers: Record<string, string> = {},
): Turn {
  return (_, response) =>
    reply(
      response,
      status,
      message === undefined ? { __type } : { __type, message },
      headers,
    )
}
