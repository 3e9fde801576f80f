import { randomBytes } from 'node:crypto'
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'

/** Size limit of an answer: 6 MiB plus 100 bytes, as in AWS. */
export const maxResponseBytes = 6 * 1024 * 1024 + 100

/** The calls of one process. */
export type RuntimeSession = {
  /** The process asks for an event. Answer now, or once there is an event. */
  onNext(respond: RespondNext): void
  /** `body` is undefined if it exceeded the limit. */
  onResponse(requestId: string, body: Buffer | undefined, peak: Peak): void
  onError(requestId: string, body: Buffer, peak: Peak): void
  onInitError(body: Buffer): void
}

export type RespondNext = (
  headers: Record<string, string>,
  payload: Buffer,
) => void

/** The process's peak resident set size. */
export type Peak = { maxRssKb: number }

export type RuntimeApi = {
  /**
   * Opens an endpoint for one process. `address` goes into
   * AWS_LAMBDA_RUNTIME_API and contains a random path, so that no other process
   * can impersonate it.
   */
  open(session: RuntimeSession): Promise<{ address: string; close(): void }>
  close(): Promise<void>
}

async function readBody(incoming: IncomingMessage) {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= maxResponseBytes) chunks.push(chunk)
  }
  return size > maxResponseBytes ? undefined : Buffer.concat(chunks)
}

function answer(response: ServerResponse, status: number, body: object) {
  const text = JSON.stringify(body)
  response.writeHead(status, { 'content-type': 'application/json' }).end(text)
}

const tooLarge = Buffer.from(
  JSON.stringify({
    errorType: 'Function.ResponseSizeTooLarge',
    errorMessage: `The error was larger than ${maxResponseBytes} bytes`,
  }),
)
const root = '/2018-06-01/runtime'

async function serve(
  session: RuntimeSession,
  path: string,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (incoming.method === 'GET' && path === `${root}/invocation/next`)
    return session.onNext((headers, payload) => {
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': payload.length,
        ...headers,
      })
      response.end(payload)
    })
  if (incoming.method !== 'POST') return answer(response, 404, {})
  const body = await readBody(incoming)
  const peak = { maxRssKb: Number(incoming.headers['keyward-max-rss-kb']) || 0 }
  const [, id, kind] =
    /\/invocation\/([^/]+)\/(response|error)$/.exec(path) ?? []
  if (path === `${root}/init/error`) session.onInitError(body ?? tooLarge)
  else if (id !== undefined && kind === 'response')
    session.onResponse(id, body, peak)
  else if (id !== undefined) session.onError(id, body ?? tooLarge, peak)
  else return answer(response, 404, {})
  if (body === undefined)
    return answer(response, 413, {
      errorType: 'RequestEntityTooLarge',
      errorMessage: `Exceeded maximum allowed payload size (${maxResponseBytes} bytes).`,
    })
  answer(response, 202, { status: 'OK' })
}

/** The Lambda Runtime API for all processes of one home, on loopback. */
export function createRuntimeApi(): RuntimeApi {
  const sessions = new Map<string, RuntimeSession>()
  let listening: Promise<Server> | undefined

  function handle(incoming: IncomingMessage, response: ServerResponse) {
    const [, token = '', path = ''] =
      /^\/([^/]+)(\/.*)$/.exec(incoming.url ?? '') ?? []
    const session = sessions.get(token)
    if (!session) return answer(response, 404, {})
    // The process died while it was sending. Its exit ends the invocation.
    serve(session, path, incoming, response).catch(() => response.destroy())
  }

  function listen(): Promise<Server> {
    return new Promise((resolve, reject) => {
      const server = createServer(handle)
      // A process may wait for an event without limit, and connections stay
      // open.
      server.keepAliveTimeout = 0
      server.requestTimeout = 0
      server.once('error', reject)
      server.listen(0, '127.0.0.1', () => resolve(server))
    })
  }

  return {
    async open(session) {
      listening ??= listen()
      const { port } = (await listening).address() as AddressInfo
      const token = randomBytes(24).toString('base64url')
      sessions.set(token, session)
      return {
        address: `127.0.0.1:${port}/${token}`,
        close: () => sessions.delete(token),
      }
    },
    async close() {
      const server = await listening
      sessions.clear()
      server?.closeAllConnections()
      await new Promise((resolve) =>
        server ? server.close(resolve) : resolve(undefined),
      )
    },
  }
}
