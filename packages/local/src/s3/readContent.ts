import { createHash } from 'node:crypto'
import * as Checksum from './Checksum.js'
import { notImplemented, S3Error } from './errors.js'
import type { S3Request } from './S3Context.js'

export type Content = {
  content: Buffer
  checksum?: { algorithm: string; value: string }
}

/**
 * The bytes of a request without the chunk framing. Every checksum in the
 * request is verified.
 *
 * @throws S3Error IncompleteBody, BadDigest, InvalidRequest, NotImplemented
 */
export function readContent({ headers, body }: S3Request): Content {
  const hash = headers['x-amz-content-sha256'] ?? ''
  const isChunked = hash.startsWith('STREAMING-')
  if (isChunked && hash !== 'STREAMING-UNSIGNED-PAYLOAD-TRAILER')
    throw notImplemented()
  if (!isChunked && /aws-chunked/.test(headers['content-encoding'] ?? ''))
    throw notImplemented()
  const { content, trailers } = isChunked
    ? readChunks(body)
    : { content: body, trailers: {} }
  const length = headers['x-amz-decoded-content-length']
  if (isChunked && length !== String(content.length)) throw incomplete()
  assertMd5(headers['content-md5'], content)
  const checksum = verifyChecksum({ ...headers, ...trailers }, content)
  return { content, ...(checksum && { checksum }) }
}

/**
 * Reads `<hex size>\r\n<bytes>\r\n` until the size is 0, then the trailing
 * headers.
 */
function readChunks(body: Buffer) {
  const chunks: Buffer[] = []
  let at = 0
  for (;;) {
    const size = /^([0-9a-f]{1,8})(?:;.*)?$/i.exec(readLine())?.[1]
    if (size === undefined) throw incomplete()
    const length = Number.parseInt(size, 16)
    if (length === 0) break
    if (at + length + 2 > body.length) throw incomplete()
    chunks.push(body.subarray(at, at + length))
    at += length
    if (readLine() !== '') throw incomplete()
  }
  const trailers: Record<string, string> = {}
  for (let line = readLine(); line !== ''; line = readLine()) {
    const colon = line.indexOf(':')
    const name = line.slice(0, Math.max(colon, 0)).trim().toLowerCase()
    // A trailer may contain a checksum, but no other headers.
    if (!name.startsWith('x-amz-checksum-')) throw incomplete()
    trailers[name] = line.slice(colon + 1).trim()
  }
  return { content: Buffer.concat(chunks), trailers }

  function readLine(): string {
    const end = body.indexOf('\r\n', at)
    if (end < 0 || end - at > 1024) throw incomplete()
    const line = body.toString('latin1', at, end)
    at = end + 2
    return line
  }
}

function assertMd5(given: string | undefined, content: Buffer): void {
  if (given === undefined) return
  if (Buffer.from(given, 'base64').length !== 16)
    throw new S3Error(
      'InvalidDigest',
      'The Content-MD5 you specified was invalid.',
    )
  if (createHash('md5').update(content).digest('base64') !== given)
    throw new S3Error(
      'BadDigest',
      'The Content-MD5 you specified did not match what we received.',
    )
}

function verifyChecksum(
  headers: Readonly<Record<string, string>>,
  content: Buffer,
): Content['checksum'] {
  const prefix = 'x-amz-checksum-'
  const given = Object.keys(headers).filter(
    (name) =>
      name.startsWith(prefix) &&
      Checksum.names.includes(name.slice(prefix.length)),
  )
  const announced = headers['x-amz-trailer']
  if (announced !== undefined && headers[announced.toLowerCase()] === undefined)
    throw new S3Error(
      'MalformedTrailerError',
      'The request contained trailing data that was not well-formed or did not conform to our published schema.',
    )
  const [name] = given
  if (name === undefined) return undefined
  if (given.length > 1)
    throw new S3Error(
      'InvalidRequest',
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    )
  const algorithm = name.slice(prefix.length)
  const value = headers[name] ?? ''
  if (Checksum.of(algorithm, content) !== value)
    throw new S3Error(
      'BadDigest',
      `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`,
    )
  return { algorithm, value }
}

function incomplete() {
  return new S3Error(
    'IncompleteBody',
    'The request body terminated unexpectedly',
  )
}
