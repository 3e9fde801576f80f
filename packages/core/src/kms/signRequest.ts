import { createHash, createHmac } from 'node:crypto'

export type Credentials = {
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string | undefined
}

/** Signs requests for one Region; holds the day's derived key. */
export type RequestSigner = (request: {
  credentials: Credentials
  host: string
  target: string
  body: string
  /** Milliseconds since 1970. */
  now: number
}) => Record<string, string>

/**
 * Signature Version 4 for the one shape of request that KMS takes: POST / with
 * four or five signed headers. The derived key is cached for the day, which
 * saves four of the six hashes.
 */
export function createRequestSigner(region: string): RequestSigner {
  let cached: { secret: string; date: string; key: Buffer } | undefined
  return ({ credentials, host, target, body, now }) => {
    const amzDate = new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, '')
    const date = amzDate.slice(0, 8)
    const { secretAccessKey, sessionToken } = credentials
    if (cached?.date !== date || cached.secret !== secretAccessKey)
      cached = {
        secret: secretAccessKey,
        date,
        key: deriveKey(secretAccessKey, date, region),
      }
    const headers: Record<string, string> = {
      'content-type': 'application/x-amz-json-1.1',
      host,
      'x-amz-date': amzDate,
      ...(sessionToken && { 'x-amz-security-token': sessionToken }),
      'x-amz-target': target,
    }
    // The headers above stand in the order that SigV4 sorts them into.
    const names = Object.keys(headers).join(';')
    const lines = Object.entries(headers)
      .map(([name, value]) => `${name}:${value}\n`)
      .join('')
    const canonical = `POST\n/\n\n${lines}\n${names}\n${sha256(body)}`
    const scope = `${date}/${region}/kms/aws4_request`
    const text = `AWS4-HMAC-SHA256\n${amzDate}\n${scope}\n${sha256(canonical)}`
    const signature = createHmac('sha256', cached.key)
      .update(text)
      .digest('hex')
    headers.authorization = `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`
    return headers
  }
}

function deriveKey(secret: string, date: string, region: string): Buffer {
  return [date, region, 'kms', 'aws4_request'].reduce(
    (key, part) => createHmac('sha256', key).update(part).digest(),
    Buffer.from(`AWS4${secret}`),
  )
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
