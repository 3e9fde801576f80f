import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * Stands before a KMS and passes nothing on until one request of each of these
 * operations has arrived. A client that waits for the answer of one before it
 * sends the other never gets any, whatever the machine's speed.
 */
export async function startMeetingProxy(
  target: string,
  operations: readonly string[],
) {
  const arrived: string[] = []
  let open: () => void = () => {}
  const met = new Promise<void>((resolve) => {
    open = resolve
  })
  const server = createServer(async (incoming, outgoing) => {
    const operation = String(incoming.headers['x-amz-target']).split('.')[1]
    const body = Buffer.concat(await incoming.toArray())
    arrived.push(operation ?? '')
    if (operations.every((each) => arrived.includes(each))) open()
    await met
    const { method = 'POST', headers } = incoming
    const onward = request(target, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers)
      answer.pipe(outgoing)
    })
    onward.on('error', () => outgoing.destroy())
    onward.end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Operations in the order in which they came. */
    arrived,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
