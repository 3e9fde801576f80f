export type Credentials = {
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string | undefined
}

/** Fixed credentials, or a function that returns them on each call. */
export type CredentialsSource =
  | Credentials
  | (() => Promise<Credentials>)
  | undefined

/**
 * The credentials for a call: those passed in, or else AWS_ACCESS_KEY_ID,
 * AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN.
 *
 * @param fail - Makes the error for missing or unusable credentials.
 */
export async function readCredentials(
  given: CredentialsSource,
  fail: (reason: string) => Error,
): Promise<Credentials> {
  const credentials = await chooseCredentials(given, fail)
  const { accessKeyId, sessionToken } = credentials
  // Credentials go into headers, and Node's error for a newline in a header is
  // unhelpful.
  if (/[^\x20-\x7e]/.test(`${accessKeyId}${sessionToken ?? ''}`))
    throw fail(
      'the credentials contain line breaks or other characters that are not allowed in a header; set them again',
    )
  return credentials
}

async function chooseCredentials(
  given: CredentialsSource,
  fail: (reason: string) => Error,
): Promise<Credentials> {
  if (typeof given === 'function') return given()
  if (given !== undefined) return given
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } =
    process.env
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY)
    throw fail(
      'there are no credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or pass credentials',
    )
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    sessionToken: AWS_SESSION_TOKEN,
  }
}
