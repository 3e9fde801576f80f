import { createHash } from 'node:crypto'
import { AwsError } from './Service.js'

export type SignedParts = {
  method: string
  /** Path and query exactly as on the request line. */
  url: string
  headers: Readonly<Record<string, string>>
  body: Uint8Array
}

/**
 * The text whose SHA-256 a client signed, rebuilt from the received request.
 * Each character represents one byte (latin1).
 *
 * @throws {AwsError} InvalidSignatureException for a signed header that is
 * not in the request, or a path or query that is not percent-encoded text.
 */
export function canonicalRequest(
  request: SignedParts,
  signedHeaders: readonly string[],
  bodySha256 = sha256Hex(request.body),
  /**
   * For S3, the path is signed as sent; for other services, it is encoded once
   * more.
   */
  path: 'once' | 'twice' = 'twice',
): string {
  const question = request.url.indexOf('?')
  const sent = question < 0 ? request.url : request.url.slice(0, question)
  const query = question < 0 ? '' : request.url.slice(question + 1)
  let lines = ''
  for (const name of signedHeaders) {
    const value = request.headers[name]
    if (value === undefined)
      throw new AwsError(
        'InvalidSignatureException',
        `The request has no header '${name}', which SignedHeaders names.`,
      )
    lines += `${name}:${value.trim().replace(/ {2,}/g, ' ')}\n`
  }
  return `${request.method}\n${path === 'once' ? recodePath(sent) : canonicalPath(sent)}\n${canonicalQuery(query)}\n${lines}\n${signedHeaders.join(';')}\n${bodySha256}`
}

export function sha256Hex(data: Uint8Array | string): string {
  const hash = createHash('sha256')
  if (typeof data === 'string') hash.update(data, 'latin1')
  else hash.update(data)
  return hash.digest('hex')
}

// For every service except S3, the path is signed encoded once more than it is
// sent, with empty and dot segments resolved.
function canonicalPath(path: string): string {
  if (path === '/') return path
  const segments: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue
    if (segment === '..') segments.pop()
    else segments.push(encode(segment))
  }
  const end = segments.length > 0 && path.endsWith('/') ? '/' : ''
  return `/${segments.join('/')}${end}`
}

function recodePath(path: string): string {
  return path.split('/').map(recode).join('/')
}

function canonicalQuery(query: string): string {
  if (query === '') return ''
  return query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair): [string, string] => {
      const equals = pair.indexOf('=')
      return equals < 0
        ? [recode(pair), '']
        : [recode(pair.slice(0, equals)), recode(pair.slice(equals + 1))]
    })
    .sort((a, b) => compare(a[0], b[0]) || compare(a[1], b[1]))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

function recode(text: string): string {
  try {
    return encode(decodeURIComponent(text))
  } catch {
    throw new AwsError(
      'InvalidSignatureException',
      'The path or query is not percent-encoded UTF-8.',
    )
  }
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
