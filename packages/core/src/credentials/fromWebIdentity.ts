import { readFile } from 'node:fs/promises'
import { findUnheard } from '../aws/findUnheard.js'
import { resolveEndpoint } from '../aws/resolveEndpoint.js'
import * as Quote from '../parse/Quote.js'
import { askHttp, codeOf } from './askHttp.js'
import { CredentialsError } from './CredentialsError.js'
import type { Environment, Issued } from './Issued.js'

/**
 * Credentials of a role assumed with a token file: an EKS service account, or a
 * pipeline with OIDC. The file is read each time, because the token rotates.
 *
 * @returns undefined if none is configured
 * @throws CredentialsError
 */
export async function fromWebIdentity(
  env: Environment,
  region: string | undefined,
): Promise<Issued | undefined> {
  const { AWS_WEB_IDENTITY_TOKEN_FILE: file, AWS_ROLE_ARN: role } = env
  if (!file || !role) return undefined
  const token = await readFile(file, 'utf8').catch((error) => {
    throw new CredentialsError(
      `AWS_WEB_IDENTITY_TOKEN_FILE can't be read (${codeOf(error)}).`,
      undefined,
      error,
    )
  })
  const url = endpointOf(env, region)
  const { status, body } = await askHttp(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      Action: 'AssumeRoleWithWebIdentity',
      Version: '2011-06-15',
      RoleArn: role,
      RoleSessionName: env.AWS_ROLE_SESSION_NAME || 'keyward',
      WebIdentityToken: token.trim(),
    }).toString(),
    timeoutMs: 5000,
  }).catch((error) => {
    throw new CredentialsError(
      `STS at ${url.host} can't be reached (${codeOf(error)}).`,
      undefined,
      error,
    )
  })
  const read = (name: string) =>
    new RegExp(`<${name}>([^<]+)</${name}>`).exec(body)?.[1]
  const [accessKeyId, secretAccessKey, sessionToken, expiration] = [
    ...[read('AccessKeyId'), read('SecretAccessKey'), read('SessionToken')],
    read('Expiration'),
  ]
  const expiresAt = Date.parse(expiration ?? '')
  if (accessKeyId && secretAccessKey && sessionToken && expiresAt > 0)
    return {
      credentials: { accessKeyId, secretAccessKey, sessionToken },
      expiresAt,
    }
  const code = read('Code') ?? `HTTP ${status}`
  throw new CredentialsError(
    `STS returned no credentials for ${Quote.line(role, 200)}. It returned ${Quote.line(code, 80)}.`,
    'Check that the role trusts the issuer, audience and subject of the token.',
  )
}

/** @throws CredentialsError */
function endpointOf(env: Environment, given: string | undefined): URL {
  const fail = (reason: string) =>
    new CredentialsError(`The STS client is misconfigured: ${reason}.`)
  const region = given || env.AWS_REGION || env.AWS_DEFAULT_REGION
  if (!region || !/^[a-z0-9-]{1,64}$/.test(region))
    throw fail('the Region is missing or not valid. Set AWS_REGION')
  const errors = { configuration: fail }
  const url = resolveEndpoint(
    { name: 'sts', title: 'STS', errors },
    region,
    env,
  )
  const unheard = findUnheard(url, env)
  if (unheard !== undefined) throw fail(unheard)
  return url
}
