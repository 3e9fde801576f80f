import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sendHttp } from './sendHttp.js'

/** In the provider's URL: nobody may say it. */
export const key = 'k3y-0f-the-pr0vider'

/**
 * A provider before a chain of the tests: it takes requests at the URL that
 * has its key, and counts them.
 */
export async function startProvider(chain: () => string) {
  let count = 0
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString()
    if (request.url !== `/v3/${key}`) return response.writeHead(404).end()
    count++
    const url = chain()
    const answer = await sendHttp(url, {
      headers: { 'content-type': 'application/json', host: new URL(url).host },
      body,
    })
    response.writeHead(answer.status).end(answer.body)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const origin = `http://127.0.0.1:${port}`
  return {
    origin,
    url: `${origin}/v3/${key}`,
    count: () => count,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
