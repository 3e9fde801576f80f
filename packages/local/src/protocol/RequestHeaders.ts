import { AwsError } from './Service.js'

// If one of these headers were repeated, two readers could see different
// requests.
const single = new Set([
  'authorization',
  'content-length',
  'content-type',
  'host',
  'origin',
  'transfer-encoding',
  'x-amz-content-sha256',
  'x-amz-date',
  'x-amz-security-token',
  'x-amz-target',
])

/**
 * Maps header names to values, from Node's flat `rawHeaders`. Node's own
 * `headers` drops or joins duplicates depending on the name; SigV4 joins them
 * all with commas.
 *
 * @throws {AwsError} ValidationException for a repeated header that must occur
 *   only once.
 */
export function fromRaw(
  rawHeaders: readonly string[],
): Readonly<Record<string, string>> {
  const headers: Record<string, string> = Object.create(null)
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!.toLowerCase()
    const value = rawHeaders[i + 1]!
    const earlier = headers[name]
    if (earlier === undefined) headers[name] = value
    else if (single.has(name))
      throw new AwsError(
        'ValidationException',
        `The header ${name} may occur only once in a request.`,
      )
    else headers[name] = `${earlier},${value}`
  }
  return headers
}
