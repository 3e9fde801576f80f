import { AwsError } from './Service.js'

/** The content of an `Authorization: AWS4-HMAC-SHA256 ...` header. */
export type Authorization = {
  accessKeyId: string
  /** `yyyymmdd`, not yet compared with `x-amz-date`. */
  date: string
  region: string
  service: string
  terminator: string
  /** In lower case and ascending order, without duplicates. */
  signedHeaders: readonly string[]
  /** 64 lower-case hex digits. */
  signature: string
}

const algorithm = 'AWS4-HMAC-SHA256'
const names = ['Credential', 'SignedHeaders', 'Signature'] as const
const headerName = /^[a-z0-9!#$%&'*+.^_`|~-]+$/

/**
 * Parses the header strictly: it must contain each member once, and nothing
 * else.
 *
 * @throws {AwsError} MissingAuthenticationTokenException without a header,
 *   IncompleteSignatureException for one that cannot be read. The header itself
 *   is never quoted, because it would end up in logs.
 */
export function parse(header: string | undefined): Authorization {
  if (header === undefined || header === '')
    throw new AwsError(
      'MissingAuthenticationTokenException',
      'Missing Authentication Token',
    )
  if (!header.startsWith(`${algorithm} `))
    throw incomplete(`Authorization header must begin with '${algorithm}'.`)
  const members = parseMembers(header.slice(algorithm.length + 1))
  const scope = members.Credential.split('/')
  const [accessKeyId, date, region, service, terminator] = scope
  if (
    scope.length !== 5 ||
    !/^\w{16,128}$/.test(accessKeyId!) ||
    !/^\d{8}$/.test(date!) ||
    !/^[a-z0-9-]{1,64}$/.test(region!) ||
    !/^[a-z0-9-]{1,64}$/.test(service!) ||
    !/^[a-z0-9_]{1,64}$/.test(terminator!)
  )
    throw incomplete(
      "Credential must have exactly 5 slash-delimited elements: 'accessKeyId/yyyymmdd/region/service/aws4_request'.",
    )
  const signedHeaders = members.SignedHeaders.split(';')
  const ascending = signedHeaders.every(
    (name, i) =>
      headerName.test(name) && (i === 0 || signedHeaders[i - 1]! < name),
  )
  if (!ascending)
    throw incomplete(
      'SignedHeaders must be lower-case header names in ascending order, separated by semicolons.',
    )
  if (!/^[0-9a-f]{64}$/.test(members.Signature))
    throw incomplete('Signature must be 64 lower-case hex digits.')
  return {
    accessKeyId: accessKeyId!,
    date: date!,
    region: region!,
    service: service!,
    terminator: terminator!,
    signedHeaders,
    signature: members.Signature,
  }
}

function parseMembers(text: string): Record<(typeof names)[number], string> {
  const members: Partial<Record<string, string>> = {}
  for (const part of text.split(',')) {
    const equals = part.indexOf('=')
    const name = part.slice(0, Math.max(equals, 0)).trim()
    if (!names.some((known) => known === name))
      throw incomplete(
        'Authorization header may hold only Credential, SignedHeaders and Signature.',
      )
    if (members[name] !== undefined)
      throw incomplete(`Authorization header has '${name}' twice.`)
    members[name] = part.slice(equals + 1).trim()
  }
  const missing = names.filter((name) => members[name] === undefined)
  if (missing.length > 0)
    throw incomplete(
      missing
        .map((name) => `Authorization header requires '${name}' parameter.`)
        .join(' '),
    )
  return members as Record<(typeof names)[number], string>
}

function incomplete(text: string) {
  return new AwsError('IncompleteSignatureException', text)
}
