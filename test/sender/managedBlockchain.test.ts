import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createRpc, type RpcAuth } from '../../packages/sender/src/index.js'
import {
  chainId,
  openSenderHome,
  type SenderHome,
  toRequest,
} from '../support/openSenderHome.js'
import { sendHttp } from '../support/sendHttp.js'
import { signRequest } from '../support/signRequest.js'

// Amazon Managed Blockchain as far as we can have it here: it checks SigV4 with
// service managedblockchain, by a signer that shares nothing with ours, and
// passes on what is signed.

const region = 'us-east-1'
const credentials = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  sessionToken: 'session+token/with=signs',
}

let home: SenderHome
beforeAll(async () => {
  home = await openSenderHome()
})
afterAll(() => home.close())

async function startManagedBlockchain() {
  const seen: { passed: number; refused: number } = { passed: 0, refused: 0 }
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString()
    if (!isSigned(request.headers, request.url ?? '', body)) {
      seen.refused++
      return response
        .writeHead(403, { 'content-type': 'application/json' })
        .end('{"message":"The request signature we calculated does not match"}')
    }
    seen.passed++
    const answer = await sendHttp(home.anvil.url, {
      headers: {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(body)),
        host: new URL(home.anvil.url).host,
      },
      body,
    })
    return response.end(answer.body)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/node/path`, seen, server }
}

function isSigned(
  headers: IncomingHttpHeaders,
  path: string,
  body: string,
): boolean {
  const { authorization = '', host = '' } = headers
  const date = String(headers['x-amz-date'])
  const names = /SignedHeaders=([^,]+)/.exec(authorization)?.[1] ?? ''
  // Date and token are added by the signer itself.
  const given = names
    .split(';')
    .filter((name) => !['x-amz-date', 'x-amz-security-token'].includes(name))
    .map((name) => [name, name === 'host' ? host : String(headers[name])])
  const expected = signRequest({
    credentials,
    headers: Object.fromEntries(given),
    body,
    region,
    service: 'managedblockchain',
    path,
    now: Date.parse(
      date.replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5'),
    ),
  })
  return (
    expected.authorization === authorization &&
    headers['x-amz-security-token'] === credentials.sessionToken &&
    names.split(';').includes('host')
  )
}

test('a transaction is sent by requests that Managed Blockchain accepts', async () => {
  const { url, seen, server } = await startManagedBlockchain()
  const auth: RpcAuth = { type: 'sigv4', region, credentials }
  const rpc = createRpc({ urls: [url], chainId, auth })
  const sent = await home.newSender({ rpc }).send(toRequest())
  expect(sent).toMatchObject({ status: 'sent' })
  expect(await home.anvil.receipt(sent.hash)).toMatchObject({
    status: '0x1',
  })
  expect(seen).toEqual({ passed: expect.any(Number), refused: 0 })
  expect(seen.passed).toBeGreaterThan(4)

  for (const wrong of [
    { ...auth, region: 'us-west-2' },
    {
      ...auth,
      credentials: { ...credentials, secretAccessKey: 'another one' },
    },
  ]) {
    const other = createRpc({ urls: [url], chainId, auth: wrong })
    await expect(other.request('eth_blockNumber')).rejects.toThrow(
      `${new URL(url).origin} answered eth_chainId with HTTP 403.\nThe endpoint does not accept these credentials`,
    )
  }
  server.closeAllConnections()
  server.close()
})

test.each([
  [
    'https://nd-abc.ethereum.managedblockchain.eu-west-1.amazonaws.com',
    'eu-west-1',
  ],
  [
    'https://mainnet.polygon.managedblockchain.us-east-1.amazonaws.com',
    'us-east-1',
  ],
])('%s: the Region is in its name', (url) => {
  const auth: RpcAuth = { type: 'sigv4', credentials }
  createRpc({ urls: [url], chainId, auth })
  // A billing token needs no signature.
  createRpc({ urls: [`${url}/?billingtoken=abc`], chainId })
  expect(() => createRpc({ urls: [url], chainId })).toThrow('RPC_AUTH=sigv4')
})
