import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { run } from '../../../../test/support/runCli.js'
import { toolPath } from '../../../../test/support/tools.js'
import { createConnections } from './createConnections.js'

let server: Server
let names: unknown[] = []
beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'keyward tls '))
  const [key, cert] = [join(folder, 'key'), join(folder, 'crt')]
  await run(toolPath('openssl'), [
    ...['req', '-x509', '-nodes', '-days', '1', '-subj', '/CN=localhost'],
    ...['-newkey', 'rsa:2048', '-addext', 'subjectAltName=DNS:localhost'],
    ...['-keyout', key, '-out', cert],
  ])
  names = []
  server = createServer(
    { key: await readFile(key), cert: await readFile(cert) },
    (_, response) => response.end('secret'),
  )
  server.on('secureConnection', ({ servername, alpnProtocol }: TLSSocket) =>
    names.push([servername, alpnProtocol]),
  )
  await rm(folder, { recursive: true })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterEach(() => {
  vi.unstubAllEnvs()
  server.closeAllConnections()
  server.close()
})

function open() {
  const { port } = server.address() as AddressInfo
  const connections = createConnections(new URL(`https://localhost:${port}/`))
  return async () => {
    let text = ''
    const outcome = await connections.send(
      'POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n',
      {
        timeoutMs: 5000,
        hear(chunk) {
          text += chunk
          return text.endsWith('secret\r\n0\r\n\r\n') ||
            text.endsWith('\r\n\r\nsecret')
            ? 'keep'
            : 'more'
        },
      },
    )
    return { outcome, text }
  }
}

test('sends the server name, and keeps the connection', async () => {
  // Node takes further certificates only when it starts.
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
  const send = open()
  for (let round = 0; round < 3; round++) {
    const { outcome, text } = await send()
    expect(outcome).toBeUndefined()
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*secret/)
  }
  expect(names).toEqual([['localhost', 'http/1.1']])
})

test('sends nothing to a server with an untrusted certificate', async () => {
  const { outcome, text } = await open()()
  expect(outcome).toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
  expect(text).toBe('')
})
