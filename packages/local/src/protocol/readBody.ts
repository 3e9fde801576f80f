import type { IncomingMessage } from 'node:http'
import { AwsError } from './Service.js'

// Bytes over the limit are read and discarded before the answer is sent,
// because most clients don't read while they send. Above this size, the answer
// is sent at once, and any further bytes are still discarded.
const drainBytes = 64 * 1024 * 1024

/**
 * Reads a body of at most `maxBytes`.
 *
 * @throws {AwsError} RequestTooLargeException (413) if the body is longer.
 */
export function readBody(
  request: IncomingMessage,
  maxBytes: number,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    const tooLarge = () =>
      reject(
        new AwsError(
          'RequestTooLargeException',
          `Request must be smaller than or equal to ${maxBytes} bytes.`,
          413,
        ),
      )
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= maxBytes) chunks.push(chunk)
      else chunks.length = 0
      if (size > drainBytes) tooLarge()
    })
    request.on('end', () => {
      if (size > maxBytes) tooLarge()
      else resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks))
    })
    request.on('error', reject)
    request.on('close', () => {
      if (!request.complete) reject(new Error('The client disconnected.'))
    })
  })
}
