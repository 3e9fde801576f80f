import { once } from 'node:events'
import { type Agent, Agent as HttpAgent, request } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { type HttpAnswer, sendHttp } from '../../../../test/support/sendHttp.js'
import { signRequest } from '../../../../test/support/signRequest.js'
import type { Credential } from '../iam/Credential.js'
import * as awsJson from './awsJson.js'
import { createServer, type Server } from './createServer.js'
import { AwsError, type AwsRequest, type Service } from './Service.js'

const credential: Credential = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  principal: {
    arn: 'arn:aws:iam::000000000000:user/operator',
    account: '000000000000',
  },
}
const kmsLimit = 1024 * 1024
const now = Date.UTC(2026, 10, 24, 12)

let server: Server
let served: AwsRequest[] = []
let failure: Error | undefined
const unexpected: unknown[] = []

const service = (name: string, maxBodyBytes: number): Service => ({
  name,
  maxBodyBytes,
  async handle(handled) {
    served.push(handled)
    if (failure) throw failure
    return awsJson.render({ from: name })
  },
  renderError: (error) => ({
    status: error.status,
    headers: { 'x-rendered-by': name },
    body: JSON.stringify({ type: error.type, text: error.text }),
  }),
})

beforeAll(async () => {
  server = await createServer({
    port: 0,
    region: 'us-east-1',
    services: [service('kms', kmsLimit), service('lambda', 6 * kmsLimit)],
    findCredential: (id) =>
      id === credential.accessKeyId ? credential : undefined,
    now: () => now,
    onUnexpected: (error) => unexpected.push(error),
  })
})
beforeEach(() => {
  served = []
  failure = undefined
  unexpected.length = 0
})
afterAll(() => server.close())

type Options = {
  headers?: Record<string, string>
  unsigned?: Record<string, string>
  body?: string | Uint8Array
  service?: string
  method?: string
  path?: string
  at?: number
  credentials?: Credential
  agent?: Agent
}

function send(options: Options = {}): Promise<HttpAnswer> {
  const { body = '{}', method = 'POST', path = '/' } = options
  const headers = signRequest({
    credentials: options.credentials ?? credential,
    headers: {
      host: `127.0.0.1:${server.port}`,
      'x-amz-target': 'TrentService.Sign',
      ...options.headers,
    },
    body,
    region: 'us-east-1',
    service: options.service ?? 'kms',
    now: options.at ?? now,
    method,
    path,
  })
  return sendHttp(server.endpoint + path, {
    method,
    headers: { ...headers, ...options.unsigned },
    body,
    ...(options.agent && { agent: options.agent }),
  })
}

const short = ({ status, body }: HttpAnswer) => {
  const { type, text, __type, message } = JSON.parse(body)
  return `${status} ${type ?? __type}: ${text ?? message}`
}

test('a signed request reaches the service of its scope', async () => {
  const kms = await send({ body: '{"KeyId":"a"}' })
  expect({ status: kms.status, body: kms.body }).toEqual({
    status: 200,
    body: '{"from":"kms"}',
  })
  const [first] = served
  expect(first).toMatchObject({
    method: 'POST',
    path: '/',
    principal: credential.principal,
  })
  expect(first!.body.toString()).toBe('{"KeyId":"a"}')
  expect(kms.headers).toMatchObject({
    'x-amzn-requestid': first!.requestId,
    'content-length': '14',
    'content-type': 'application/x-amz-json-1.1',
    date: 'Tue, 24 Nov 2026 12:00:00 GMT',
  })
  expect(first!.requestId).toMatch(
    /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  )
  const lambda = await send({ service: 'lambda' })
  expect(lambda.body).toBe('{"from":"lambda"}')
})

test.each(['127.0.0.1', 'localhost', 'LOCALHOST:1', '[::1]', '[::1]:4566'])(
  'the host %s is answered',
  async (host) => {
    expect((await send({ headers: { host } })).status).toBe(200)
  },
)

test.each([
  'example.com',
  'localhost.evil.test',
  '127.0.0.1.evil.test:4566',
  'evil.test:127',
  '127.0.0.2',
  '0.0.0.0',
  '::1',
  'user@localhost',
  'localhost:',
  '',
])('the host %j is refused before anything is served', async (host) => {
  const text =
    '403 AccessDeniedException: The Host header must be 127.0.0.1, localhost ' +
    'or [::1], with any port: this server only answers requests from its own machine.'
  expect(short(await send({ headers: { host } }))).toBe(text)
  const health = { method: 'GET', path: '/_keyward/health', body: '' }
  expect(short(await send({ headers: { host }, ...health }))).toBe(text)
  expect(served).toEqual([])
})

test.each(['https://evil.test', 'null', 'http://127.0.0.1:4566', ''])(
  'the origin %j is refused, well signed or not',
  async (origin) => {
    const text =
      "403 AccessDeniedException: Requests with an Origin header are refused: web pages can't use this server."
    expect(short(await send({ unsigned: { origin } }))).toBe(text)
    expect(short(await send({ headers: { origin } }))).toBe(text)
    expect(served).toEqual([])
  },
)

test('health needs no signature', async () => {
  const answer = await sendHttp(`${server.endpoint}/_keyward/health`, {
    method: 'GET',
    headers: { host: 'localhost' },
  })
  expect([answer.status, answer.body]).toEqual([200, '{"status":"ok"}'])
})

test('no signature is refused in the form of the path', async () => {
  const ask = (path: string) =>
    sendHttp(server.endpoint + path, { headers: { host: 'localhost' } })
  const text =
    '400 MissingAuthenticationTokenException: Missing Authentication Token'
  const kms = await ask('/')
  expect(short(kms)).toBe(text)
  expect(kms.headers['x-rendered-by']).toBe('kms')
  const lambda = await ask('/2015-03-31/functions')
  expect(short(lambda)).toBe(text)
  expect(lambda.headers['x-rendered-by']).toBe('lambda')
})

test('an unknown access key, a false secret and a stale date are refused', async () => {
  const other = { ...credential, accessKeyId: 'AKIAOTHEROTHEROTHER0' }
  expect(short(await send({ credentials: other }))).toBe(
    '400 UnrecognizedClientException: The security token included in the request is invalid.',
  )
  const guess = { ...credential, secretAccessKey: 'guess' }
  expect(short(await send({ credentials: guess }))).toMatch(
    /^400 InvalidSignatureException: The request signature we calculated/,
  )
  expect(short(await send({ at: now - 301_000 }))).toBe(
    '400 InvalidSignatureException: Signature expired: 20261124T115459Z is now earlier than 20261124T115500Z (20261124T120000Z - 5 min.)',
  )
  expect(short(await send({ at: now + 301_000 }))).toBe(
    '400 InvalidSignatureException: Signature not yet current: 20261124T120501Z is still later than 20261124T120500Z (20261124T120000Z + 5 min.)',
  )
  expect(served).toEqual([])
})

test('a service that is not here is named', async () => {
  expect(short(await send({ service: 's3' }))).toBe(
    "400 UnknownOperationException: The local home has no service 's3' (the name in the credential scope). It serves: kms, lambda.",
  )
})

test.each([
  [
    'iam',
    { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    'text/xml',
    /^<ErrorResponse><Error><Type>Sender<\/Type><Code>InvalidAction<\/Code><Message>The local home has no service &?#?\w*;?'?iam/,
  ],
  [
    'ec2',
    { 'content-type': 'application/x-www-form-urlencoded' },
    'text/xml',
    /^<Response><Errors><Error><Code>InvalidAction<\/Code><Message>The local home has no service .*<\/Error><\/Errors><RequestID>/,
  ],
  ['route53', {}, 'text/xml', /^<ErrorResponse>/],
  [
    'events',
    { 'x-amz-target': 'AWSEvents.ListRules' },
    'application/x-amz-json-1.1',
    /^\{"__type":"UnknownOperationException","message":"The local home has no service 'events'/,
  ],
  ['batch', {}, 'application/json', /"message":"The local home has no/],
])('%s is not here, in its own protocol', async (service, own, type, body) => {
  const headers = { 'x-amz-target': '', 'content-type': '', ...own }
  const answer = await send({ service, headers })
  expect(answer.status).toBe(400)
  expect(answer.headers['content-type']).toBe(type)
  expect(answer.body).toMatch(body)
})

test('a body has the limit of its service', async () => {
  const most = await send({ body: Buffer.alloc(kmsLimit) })
  expect(most.status).toBe(200)
  const tooLarge = `413 RequestTooLargeException: Request must be smaller than or equal to ${kmsLimit} bytes.`
  expect(short(await send({ body: Buffer.alloc(kmsLimit + 1) }))).toBe(tooLarge)
  // Far over the limit: the client is still sending when it is refused.
  expect(short(await send({ body: Buffer.alloc(20 * kmsLimit) }))).toBe(
    tooLarge,
  )
  const lambda = { service: 'lambda', body: Buffer.alloc(6 * kmsLimit) }
  expect((await send(lambda)).status).toBe(200)
  expect(served.map(({ body }) => body.length)).toEqual([
    kmsLimit,
    6 * kmsLimit,
  ])
})

test('a connection is kept over good and refused requests', async () => {
  const agent = new HttpAgent({ keepAlive: true, maxSockets: 1 })
  const before = server.stats()
  await send({ agent })
  await send({ agent, body: Buffer.alloc(2 * kmsLimit) })
  await send({ agent, at: 0 })
  await send({ agent, service: 'lambda', headers: { 'x-amz-target': 'odd' } })
  const after = server.stats()
  agent.destroy()
  expect(after.connections - before.connections).toBe(1)
  expect(after.requests - before.requests).toBe(4)
  const gained = (name: string) =>
    (after.operations[name] ?? 0) - (before.operations[name] ?? 0)
  expect(gained('kms:Sign')).toBe(1)
  expect(gained('lambda')).toBe(1)
})

test("a service's own error keeps its form; a fault of ours shows nothing", async () => {
  failure = new AwsError('DisabledException', 'arn is disabled.')
  expect(short(await send())).toBe('400 DisabledException: arn is disabled.')
  failure = new Error('secret detail')
  expect(short(await send())).toBe('500 InternalFailure: undefined')
  expect(unexpected).toEqual([failure])
})

test('a client that goes away in the middle is no fault of ours', async () => {
  const headers = signRequest({
    credentials: credential,
    headers: { host: 'localhost', 'content-length': '100' },
    body: '',
    region: 'us-east-1',
    service: 'kms',
    now,
  })
  const { requests } = server.stats()
  const outgoing = request(server.endpoint, {
    method: 'POST',
    headers,
    agent: false,
  })
  const failed = once(outgoing, 'error')
  outgoing.write('half')
  await vi.waitUntil(() => server.stats().requests > requests)
  outgoing.destroy(new Error('gone'))
  await failed
  expect((await send()).status).toBe(200)
  expect(unexpected).toEqual([])
})

test('a whole URL on the request line is refused', async () => {
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1')
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk
    })
    socket.on('end', () => resolve(text))
    socket.on('error', reject)
    socket.write(
      'GET http://evil.test/_keyward/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    )
  })
  expect(answer).toMatch(/^HTTP\/1\.1 403 /)
  expect(answer).toContain('The request line must contain a path')
})

test('two servers cannot share a port', async () => {
  const second = createServer({
    port: server.port,
    region: 'us-east-1',
    services: [],
    findCredential: () => undefined,
    now: () => now,
    onUnexpected: () => {},
  })
  await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' })
})

// Last, because it also silences the connections of earlier tests.
test('connections that were silenced are not answered, and others are', async () => {
  const agent = new HttpAgent({ keepAlive: true, maxSockets: 1 })
  await send({ agent })
  server.silence(credential.accessKeyId)
  const late = Symbol('late')
  const wait = new Promise((resolve) => setTimeout(resolve, 100, late))
  const unanswered = send({ agent }).catch((error) => error)
  expect(await Promise.race([unanswered, wait])).toBe(late)
  const other = new HttpAgent({ maxSockets: 1 })
  expect((await send({ agent: other })).status).toBe(200)
  agent.destroy()
})
