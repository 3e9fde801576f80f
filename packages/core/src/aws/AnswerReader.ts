/**
 * Reads one HTTP/1.1 response from a connection as its bytes arrive. It is
 * strict (RFC 9112) and refuses anything ambiguous.
 */
export type AnswerReader = {
  /** 0 until the head has been read. */
  status: number
  /** Keyed by lower-case name; repeated headers are joined. */
  headers: Record<string, string>
  expects:
    | 'head'
    | 'body'
    | 'all'
    | 'size'
    | 'end of chunk'
    | 'trailer'
    | 'none'
  /** Bytes of the body or chunk still to come. */
  left: number
  body: Buffer[]
  /** Length of `body` in bytes. */
  size: number
  /** Bytes received that can't be parsed until more arrive. */
  rest: Buffer
  /** Whether the response lets the connection serve another request. */
  keepsAlive: boolean
}

const maxHeadBytes = 16 * 1024
const maxLineBytes = 1024
const nothing = Buffer.alloc(0)

export function create(): AnswerReader {
  return {
    status: 0,
    headers: {},
    expects: 'head',
    left: 0,
    body: [],
    size: 0,
    rest: nothing,
    keepsAlive: true,
  }
}

/** @throws BadResponse */
export function push(reader: AnswerReader, chunk: Buffer): void {
  const bytes =
    reader.rest.length === 0 ? chunk : Buffer.concat([reader.rest, chunk])
  let at = 0
  while (at < bytes.length && reader.expects !== 'none') {
    const used = readNext(reader, at === 0 ? bytes : bytes.subarray(at))
    if (used === 0) break
    at += used
  }
  reader.rest = at === bytes.length ? nothing : bytes.subarray(at)
  // No more bytes were requested.
  if (reader.expects === 'none' && reader.rest.length > 0)
    reader.keepsAlive = false
}

/** The peer has finished sending. @returns whether the response is complete */
export function end(reader: AnswerReader): boolean {
  if (reader.expects === 'all') reader.expects = 'none'
  return reader.expects === 'none'
}

export function toText({ body }: AnswerReader): string {
  const [first = nothing] = body
  return (body.length > 1 ? Buffer.concat(body) : first).toString('utf8')
}

/** @returns how many bytes were consumed; 0 if more are needed */
function readNext(reader: AnswerReader, bytes: Buffer): number {
  switch (reader.expects) {
    case 'head':
      return readHead(reader, bytes)
    case 'all':
      return keep(reader, bytes)
    case 'body':
    case 'end of chunk':
      return readBytes(reader, bytes)
    default:
      return readLine(reader, bytes)
  }
}

function readHead(reader: AnswerReader, bytes: Buffer): number {
  const end = bytes.indexOf('\r\n\r\n')
  if (end > maxHeadBytes || (end < 0 && bytes.length > maxHeadBytes))
    throw new BadResponse('its headers are too long')
  if (end < 0) return 0
  const [first = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n')
  const [, minor, status] =
    /^HTTP\/1\.([01]) ([1-5]\d\d)(?: |$)/.exec(first) ?? []
  if (status === undefined || status === '101')
    throw new BadResponse('its first line is not an HTTP/1.1 status line')
  // Skip interim responses, which may precede the final one.
  if (status.startsWith('1')) return end + 4
  for (const line of lines) readHeader(reader.headers, line)
  const { connection = '' } = reader.headers
  reader.keepsAlive =
    minor === '1'
      ? !/\bclose\b/i.test(connection)
      : /\bkeep-alive\b/i.test(connection)
  expectBody(reader, Number(status))
  reader.status = Number(status)
  return end + 4
}

function readHeader(headers: AnswerReader['headers'], line: string): void {
  const colon = line.indexOf(':')
  const name = line.slice(0, colon).toLowerCase()
  if (colon < 1 || /[^!#-'*+\-.^-z|~\d]/.test(name))
    throw new BadResponse('one of its headers is malformed')
  const value = line.slice(colon + 1).trim()
  const before = Object.hasOwn(headers, name) ? `${headers[name]}, ` : ''
  headers[name] = before + value
}

function expectBody(reader: AnswerReader, status: number): void {
  const { headers } = reader
  const coding = headers['transfer-encoding']
  const length = headers['content-length']
  if (
    coding !== undefined &&
    (length !== undefined || !/^chunked$/i.test(coding))
  )
    throw new BadResponse('its length is ambiguous, or it is compressed')
  if (length !== undefined && !/^\d{1,15}$/.test(length))
    throw new BadResponse('its content-length is not a number')
  if (status === 204 || status === 304) reader.expects = 'none'
  else if (coding !== undefined) reader.expects = 'size'
  else if (length === undefined) reader.expects = 'all'
  else {
    reader.left = Number(length)
    reader.expects = reader.left === 0 ? 'none' : 'body'
  }
  if (reader.expects === 'all') reader.keepsAlive = false
}

function keep(reader: AnswerReader, bytes: Buffer): number {
  reader.body.push(bytes)
  reader.size += bytes.length
  return bytes.length
}

/** Reads bytes of the body or of a chunk. */
function readBytes(reader: AnswerReader, bytes: Buffer): number {
  if (reader.left > 0) {
    const used = keep(reader, bytes.subarray(0, reader.left))
    reader.left -= used
    if (reader.left === 0 && reader.expects === 'body') reader.expects = 'none'
    return used
  }
  if (bytes.length < 2) return 0
  if (bytes[0] !== 13 || bytes[1] !== 10)
    throw new BadResponse('a chunk is longer than its stated size')
  reader.expects = 'size'
  return 2
}

/** Reads a chunk's size, or the lines after the last chunk. */
function readLine(reader: AnswerReader, bytes: Buffer): number {
  const end = bytes.indexOf('\r\n')
  if (end > maxLineBytes || (end < 0 && bytes.length > maxLineBytes))
    throw new BadResponse('a line between its chunks is too long')
  if (end < 0) return 0
  const used = end + 2
  if (reader.expects === 'trailer') {
    if (end === 0) reader.expects = 'none'
    return used
  }
  const line = bytes.toString('latin1', 0, end)
  const [, size] = /^([0-9a-f]{1,8})[ \t]*(?:;.*)?$/i.exec(line) ?? []
  if (size === undefined) throw new BadResponse('a chunk has no valid size')
  reader.left = Number.parseInt(size, 16)
  reader.expects = reader.left === 0 ? 'trailer' : 'end of chunk'
  return used
}

/** The bytes are not a valid HTTP/1.1 response. */
export class BadResponse extends Error {
  readonly code = 'ERR_HTTP_ANSWER'

  constructor(reason: string) {
    super(`The response is not valid HTTP/1.1: ${reason}.`)
    this.name = 'BadResponse'
  }
}
