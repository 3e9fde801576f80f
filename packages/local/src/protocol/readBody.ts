import type { IncomingMessage } from 'node:http'
import { AwsError } from './Service.js'

// What is over the limit is read and thrown away before the answer, since most
// clients do not look for one while they send. Beyond this they are told at
// once; what they still send is discarded all the same.
const drainBytes = 64 * 1024 * 1024

/**
 * Reads a body of at most `maxBytes`.
 *
 * @throws {AwsError} RequestTooLargeException (413) for a longer one.
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
      if (!request.complete) reject(new Error('The client went away.'))
    })
  })
}
