import { createHash, createHmac } from 'node:crypto'
import { BaseError } from '@keyward/core'
import type { Faults, FoundHome } from '@keyward/local'

type Running = Extract<FoundHome, { running: true }>

const path = '/_keyward/faults'

/**
 * Changes the faults of a home that another process runs, by the request the
 * home has for it, signed as its operator.
 *
 * @returns The faults in force; an empty change only asks.
 * @throws FaultsError
 */
export async function putFaults(
  home: Running,
  change: Partial<Faults>,
): Promise<Faults> {
  const body = JSON.stringify(change)
  const send = (now: Date) =>
    fetch(`${home.endpoint}${path}`, {
      method: 'PUT',
      headers: sign(home, body, now),
      body,
      signal: AbortSignal.timeout(10_000),
    })
  try {
    const first = await send(new Date())
    // A home whose clock was set wrong refuses our time: then sign with its.
    const clock = first.headers.get('date')
    const response =
      first.status === 400 && clock !== null
        ? await send(new Date(clock))
        : first
    const answer = (await response.json()) as Faults & { message?: string }
    if (!response.ok)
      throw new FaultsError(answer.message ?? `HTTP status ${response.status}.`)
    return answer
  } catch (error) {
    if (error instanceof FaultsError) throw error
    throw new FaultsError('It cannot be reached.', error)
  }
}

// Signature Version 4 for this one request; the AWS SDK's signer is no public
// part of it.
function sign(home: Running, body: string, now: Date): Record<string, string> {
  const credentials = home.credentials('operator')
  const amzDate = now.toISOString().replace(/[-:]|\.\d{3}/g, '')
  const scope = [amzDate.slice(0, 8), home.region, 'keyward', 'aws4_request']
  const { host } = new URL(home.endpoint)
  const canonical = [
    ...['PUT', path, '', `host:${host}`, `x-amz-date:${amzDate}`, ''],
    ...['host;x-amz-date', sha256(body)],
  ].join('\n')
  const text = ['AWS4-HMAC-SHA256', amzDate, scope.join('/'), sha256(canonical)]
  const key = scope.reduce<Buffer | string>(
    (secret, part) => hmac(secret, part),
    `AWS4${credentials.secretAccessKey}`,
  )
  return {
    'x-amz-date': amzDate,
    authorization:
      `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope.join('/')}, ` +
      `SignedHeaders=host;x-amz-date, ` +
      `Signature=${hmac(key, text.join('\n')).toString('hex')}`,
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

export class FaultsError extends BaseError {
  override readonly name = 'FaultsError'

  constructor(details: string, cause?: unknown) {
    const options = cause === undefined ? { details } : { details, cause }
    super('invalid-faults', 'The local home took no change.', options)
  }
}
