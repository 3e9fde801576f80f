import { createHash, createHmac } from 'node:crypto'

export type SigningCredentials = {
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string | undefined
}

/**
 * SigV4 written for tests alone, from AWS's documentation, so that a fault of
 * the client or the server under test can't hide in shared code. Signs
 * `POST /` and answers the headers to send; every given header is signed.
 */
export function signRequest(parameters: {
  credentials: SigningCredentials
  headers: Record<string, string>
  body: string | Uint8Array
  region: string
  service: string
  /** Milliseconds since 1970. */
  now: number
  method?: string
  path?: string
  /** What stands for the body where it is not signed. */
  payloadHash?: string
}): Record<string, string> {
  const { credentials, body, region, service, now } = parameters
  const { method = 'POST', path = '/' } = parameters
  const date = new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, '')
  const day = date.slice(0, 8)
  const headers: Record<string, string> = {
    ...parameters.headers,
    'x-amz-date': date,
    ...(credentials.sessionToken && {
      'x-amz-security-token': credentials.sessionToken,
    }),
  }
  const names = Object.keys(headers).sort()
  const canonical = [
    ...[method, path, ''],
    ...names.map((name) => `${name}:${headers[name]}`),
    ...['', names.join(';'), parameters.payloadHash ?? sha256(body)],
  ].join('\n')
  const scope = `${day}/${region}/${service}/aws4_request`
  const key = [day, region, service, 'aws4_request'].reduce<Buffer>(
    (key, part) => hmac(key, part),
    Buffer.from(`AWS4${credentials.secretAccessKey}`),
  )
  const text = `AWS4-HMAC-SHA256\n${date}\n${scope}\n${sha256(canonical)}`
  const signature = hmac(key, text).toString('hex')
  return {
    ...headers,
    authorization: `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`,
  }
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}

function hmac(key: Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest()
}
