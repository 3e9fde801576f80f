import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

/** An answer of the server behind, as the test may change it. */
export type ProxiedAnswer = {
  operation: string
  status: number
  body: string
}

/**
 * What the client gets: an answer, `cut` for one that breaks off halfway,
 * `silence` for none. It may take its time.
 */
export type Tamper = (answer: ProxiedAnswer) => Tampered | Promise<Tampered>

type Tampered = { status?: number; body: string } | 'cut' | 'silence'

/** Stands between a client and a server on this machine, and changes answers. */
export async function startTamperingProxy(target: string) {
  const proxy = { endpoint: '', tamper: ((a) => a) as Tamper, requests: 0 }
  const server = createServer((incoming, outgoing) => {
    proxy.requests++
    // The Host header is signed: it stays the client's.
    const onward = request(
      target,
      {
        method: incoming.method ?? 'POST',
        path: incoming.url ?? '/',
        headers: incoming.headers,
      },
      async (answer) => {
        const body = Buffer.concat(await answer.toArray()).toString()
        const target = String(incoming.headers['x-amz-target'])
        const operation = target.replace(/^.*\./, '')
        const status = answer.statusCode ?? 0
        const changed = await proxy.tamper({ operation, status, body })
        if (changed === 'silence') return
        const headers = { ...answer.headers }
        if (changed === 'cut') {
          outgoing.writeHead(status, headers)
          outgoing.write(body.slice(0, body.length / 2), () =>
            outgoing.destroy(),
          )
          return
        }
        headers['content-length'] = String(Buffer.byteLength(changed.body))
        outgoing.writeHead(changed.status ?? status, headers)
        outgoing.end(changed.body)
      },
    )
    onward.on('error', () => outgoing.destroy())
    incoming.pipe(onward)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  proxy.endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return Object.assign(proxy, {
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  })
}
