import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { WireCall } from './checkCall.js'

/** Stands before a home and keeps what is asked of AWS there, and answered. */
export async function startRecorder(target: string) {
  const calls: WireCall[] = []
  const server = createServer(async (incoming, outgoing) => {
    const { method = '', url: path = '', headers } = incoming
    const body = Buffer.concat(await incoming.toArray())
    // The Host header is signed: it stays the client's.
    const onward = request(
      new URL(path, target),
      { method, headers },
      async (answer) => {
        const bytes = Buffer.concat(await answer.toArray())
        const status = answer.statusCode ?? 0
        const [, service = ''] =
          /Credential=[^/]+\/\d+\/[^/]+\/([\w-]+)\//.exec(
            headers.authorization ?? '',
          ) ?? []
        if (service !== '' && service !== 'keyward')
          calls.push({
            ...{ service, method, path, headers, status },
            ...{ body: body.toString(), answer: bytes.toString() },
          })
        outgoing.writeHead(status, answer.headers)
        outgoing.end(bytes)
      },
    )
    onward.on('error', () => outgoing.destroy())
    onward.end(body)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    endpoint: `http://127.0.0.1:${port}`,
    calls,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
