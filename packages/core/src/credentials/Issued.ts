import type { Credentials } from '../aws/credentials.js'
import { CredentialsError } from './CredentialsError.js'

/** Credentials and their expiry. */
export type Issued = {
  credentials: Credentials
  /** In ms since 1970; `Infinity` if they never expire. */
  expiresAt: number
}

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * Parses the JSON that container endpoints and instance metadata return.
 *
 * @param from - Named in error messages; the answer itself is never quoted.
 * @param advice - What to do if there are none.
 * @throws CredentialsError
 */
export function parse(text: string, from: string, advice: string): Issued {
  let answer: Record<string, unknown>
  try {
    answer = JSON.parse(text)
  } catch {
    answer = {}
  }
  const { AccessKeyId, SecretAccessKey, Token, Expiration } = answer ?? {}
  const expiresAt = Date.parse(String(Expiration))
  if (
    typeof AccessKeyId !== 'string' ||
    typeof SecretAccessKey !== 'string' ||
    typeof Token !== 'string' ||
    Number.isNaN(expiresAt)
  )
    throw new CredentialsError(`${from} returned no credentials.`, advice)
  const credentials = {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: Token,
  }
  return { credentials, expiresAt }
}
