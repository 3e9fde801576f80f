import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { run } from './runCli.js'
import { toolPath } from './tools.js'

/**
 * Stands before a local home and speaks TLS with a certificate of its own, so
 * that a client takes it for a KMS that is not of this machine.
 */
export async function startTlsProxy(folder: string, endpoint: string) {
  const file = join(folder, 'tls.crt')
  const keyFile = join(folder, 'tls.key')
  await run(toolPath('openssl'), [
    ...['req', '-x509', '-nodes', '-days', '1', '-subj', '/CN=127.0.0.1'],
    ...['-newkey', 'rsa:2048', '-addext', 'subjectAltName=IP:127.0.0.1'],
    ...['-keyout', keyFile, '-out', file],
  ])
  const [key, cert] = await Promise.all([readFile(keyFile), readFile(file)])
  const server = createServer({ key, cert }, (incoming, outgoing) => {
    const { method, url, headers } = incoming
    const options = { method, path: url, headers }
    const onward = request(endpoint, options, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    onward.on('error', () => outgoing.destroy())
    incoming.pipe(onward)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `https://127.0.0.1:${port}`,
    /** The certificate that a client has to trust. */
    file,
    async close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
