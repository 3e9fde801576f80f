import { request } from 'node:http'

/**
 * Makes one JSON-RPC call to this machine. It doesn't use `fetch`, which keeps
 * its connection open when the chain is stopped.
 */
export function rpc(
  port: number,
  method: string,
  params: unknown[] = [],
  host = '127.0.0.1',
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
    const call = request(
      {
        host,
        port,
        method: 'POST',
        agent: false,
        timeout: 5000,
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        },
      },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          try {
            const answer = JSON.parse(Buffer.concat(chunks).toString())
            if (answer.error) reject(new Error(answer.error.message))
            else resolve(answer.result)
          } catch (error) {
            reject(error)
          }
        })
      },
    )
    call.on('timeout', () => call.destroy(new Error(`${method} timed out`)))
    call.on('error', reject)
    call.end(body)
  })
}
