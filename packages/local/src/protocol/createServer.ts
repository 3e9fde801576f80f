import { randomUUID } from 'node:crypto'
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { FindCredential } from '../iam/Credential.js'
import * as Authorization from './Authorization.js'
import * as awsJson from './awsJson.js'
import { refuseForeign as refuseForeignService } from './foreignService.js'
import { isLocalHost } from './isLocalHost.js'
import * as RequestHeaders from './RequestHeaders.js'
import { readBody } from './readBody.js'
import { AwsError, type AwsResponse, type Service } from './Service.js'
import * as SigV4 from './SigV4.js'

/**
 * Counts since the server started. Operations count only once their signature
 * has been verified.
 */
export type ServerStats = {
  connections: number
  requests: number
  /** For example `{ 'kms:Sign': 3, lambda: 1 }`. */
  operations: Record<string, number>
}

export type Server = {
  /** For example `http://127.0.0.1:4566`. */
  endpoint: string
  port: number
  stats(): ServerStats
  /**
   * Stops answering connections that use these credentials, but doesn't close
   * them.
   */
  silence(accessKeyId: string): void
  close(): Promise<void>
}

/**
 * Serves AWS services over HTTP on 127.0.0.1. The service name in the SigV4
 * scope selects the service. A request must name a local host, must not come
 * from a web page, must fit the service's size limit, and must be signed with a
 * credential that `findCredential` knows. Only `GET /_keyward/health` needs no
 * signature.
 *
 * @throws the error of `listen` (for example EADDRINUSE)
 */
export async function createServer(parameters: {
  /** 0 uses any free port. */
  port: number
  region: string
  services: readonly Service[]
  findCredential: FindCredential
  /** Milliseconds since 1970; also used for the `Date` header. */
  now: () => number
  /** Receives a service's unexpected errors. The client gets a plain 500. */
  onUnexpected: (error: unknown) => void
}): Promise<Server> {
  const { region, findCredential, now, onUnexpected } = parameters
  const services = new Map(parameters.services.map((s) => [s.name, s]))
  const verify = SigV4.createVerifier({ region, findCredential, now })
  const stats: ServerStats = { connections: 0, requests: 0, operations: {} }
  /** Connections by the access key of their last request. */
  const keyOf = new Map<Socket, string>()
  const silent = new WeakSet<Socket>()

  const answer = async (
    request: IncomingMessage,
    requestId: string,
  ): Promise<AwsResponse> => {
    const url = request.url ?? ''
    const path = url.split('?', 1)[0]!
    let service = unsignedService(services, path)
    try {
      const headers = RequestHeaders.fromRaw(request.rawHeaders)
      const refusal = refuseForeign(url, headers)
      if (refusal) return refusal
      if (path === '/_keyward/health' && request.method === 'GET')
        return { status: 200, body: '{"status":"ok"}' }
      const authorization = Authorization.parse(headers.authorization)
      service = services.get(authorization.service)
      if (!service)
        return refuseForeignService(
          ...[authorization.service, headers, [...services.keys()], requestId],
        )
      const body = await readBody(request, service.maxBodyBytes)
      const method = request.method ?? ''
      const signed = { method, url, headers, body }
      const { principal } = verify(signed, authorization)
      keyOf.set(request.socket, authorization.accessKeyId)
      const named =
        service.operationOf?.({ body }) ?? targetOf(headers['x-amz-target'])
      count(stats.operations, service.name, named)
      const query = new URLSearchParams(url.slice(path.length))
      return await service.handle({
        method,
        path,
        query,
        headers,
        body,
        requestId,
        principal,
      })
    } catch (error) {
      const awsError = toAwsError(error, request, onUnexpected)
      return service
        ? service.renderError(awsError, requestId)
        : awsJson.renderError(awsError)
    }
  }

  const http = createHttpServer((request, response) => {
    if (silent.has(request.socket)) {
      request.resume()
      return
    }
    stats.requests += 1
    const requestId = randomUUID()
    answer(request, requestId).then(
      (result) => send(response, result, requestId, now()),
      (error) => {
        onUnexpected(error)
        response.destroy()
      },
    )
  })
  // This is longer than the clients' idle timeout, so that clients close idle
  // connections and no request is lost in a race.
  http.keepAliveTimeout = 65_000
  http.on('connection', (socket) => {
    stats.connections += 1
    socket.setNoDelay(true)
    socket.on('close', () => keyOf.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject)
    http.listen({ port: parameters.port, host: '127.0.0.1' }, resolve)
  })
  const { port } = http.address() as AddressInfo
  return {
    endpoint: `http://127.0.0.1:${port}`,
    port,
    stats: () => ({ ...stats, operations: { ...stats.operations } }),
    silence(accessKeyId) {
      for (const [socket, key] of keyOf)
        if (key === accessKeyId) silent.add(socket)
    },
    close: () =>
      new Promise((resolve, reject) => {
        http.close((error) => (error ? reject(error) : resolve()))
        http.closeAllConnections()
      }),
  }
}

// If the scope can't be read, only the path shows which format the error needs.
function unsignedService(services: Map<string, Service>, path: string) {
  return services.get(/^\/20\d\d-\d\d-\d\d\//.test(path) ? 'lambda' : 'kms')
}

function refuseForeign(
  url: string,
  headers: Readonly<Record<string, string>>,
): AwsResponse | undefined {
  if (!url.startsWith('/'))
    return forbidden('The request line must contain a path, not a whole URL.')
  if (!isLocalHost(headers.host))
    return forbidden(
      'The Host header must be 127.0.0.1, localhost or [::1], with any port: ' +
        'this server only answers requests from its own machine.',
    )
  if (headers.origin !== undefined)
    return forbidden(
      "Requests with an Origin header are refused: web pages can't use this server.",
    )
  return undefined
}

function forbidden(message: string): AwsResponse {
  return awsJson.renderError(
    new AwsError('AccessDeniedException', message, 403),
  )
}

function targetOf(target = ''): string | undefined {
  return /^\w{1,64}\.([A-Za-z0-9]{1,64})$/.exec(target)?.[1]
}

function count(
  operations: ServerStats['operations'],
  service: string,
  operation: string | undefined,
) {
  const name = operation === undefined ? service : `${service}:${operation}`
  operations[name] = (operations[name] ?? 0) + 1
}

function toAwsError(
  error: unknown,
  request: IncomingMessage,
  onUnexpected: (error: unknown) => void,
): AwsError {
  if (error instanceof AwsError) return error
  // A partial request means that the client disconnected. Nothing is broken
  // here.
  if (request.complete) onUnexpected(error)
  return new AwsError('InternalFailure', undefined, 500)
}

function send(
  response: ServerResponse,
  result: AwsResponse,
  requestId: string,
  now: number,
) {
  if (response.destroyed) return
  const { body = '' } = result
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  response.sendDate = false
  response.writeHead(result.status, {
    date: httpDate(now),
    'content-length': bytes.length,
    'x-amzn-requestid': requestId,
    ...(result.headers ?? { 'content-type': 'application/json' }),
  })
  response.end(bytes)
}

let lastDate = { second: -1, text: '' }
function httpDate(ms: number): string {
  const second = Math.floor(ms / 1000)
  if (second !== lastDate.second)
    lastDate = { second, text: new Date(ms).toUTCString() }
  return lastDate.text
}
