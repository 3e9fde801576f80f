import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A webhook's receiver that keeps what it heard. */
export async function startReceiver() {
  const heard: Record<string, unknown>[] = []
  const server = createServer(async (request, response) => {
    heard.push(JSON.parse(Buffer.concat(await request.toArray()).toString()))
    response.end()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    heard,
    webhook: {
      url: `http://127.0.0.1:${port}/`,
      secret: 'a secret of some length',
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
