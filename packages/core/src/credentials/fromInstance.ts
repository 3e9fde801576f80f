import { askHttp, codeOf } from './askHttp.js'
import { CredentialsError } from './CredentialsError.js'
import * as Issued from './Issued.js'

const source = 'The instance metadata service (IMDSv2)'
const advice = 'Check that the instance has a role (an instance profile).'
const roles = '/latest/meta-data/iam/security-credentials/'

/**
 * Credentials of an EC2 instance's role through IMDSv2; never IMDSv1.
 *
 * @returns undefined if no instance provides credentials
 * @throws CredentialsError
 */
export async function fromInstance(
  env: Issued.Environment,
): Promise<Issued.Issued | undefined> {
  if (env.AWS_EC2_METADATA_DISABLED?.toLowerCase() === 'true') return undefined
  const isIpv6 = env.AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE === 'IPv6'
  const base =
    env.AWS_EC2_METADATA_SERVICE_ENDPOINT ||
    `http://${isIpv6 ? '[fd00:ec2::254]' : '169.254.169.254'}`
  const ask = (path: string, headers: Record<string, string>, method?: 'PUT') =>
    askHttp(new URL(path, base), {
      headers,
      timeoutMs: 1000,
      ...(method !== undefined && { method }),
    })
  const ttl = { 'x-aws-ec2-metadata-token-ttl-seconds': '21600' }
  const token = await ask('/latest/api/token', ttl, 'PUT').catch(
    () => undefined,
  )
  if (token?.status === 403)
    throw refused(
      403,
      'Access to the metadata is turned off for this instance. Turn it on, or use another source of credentials.',
    )
  // This is not an EC2 instance.
  if (token?.status !== 200) return undefined
  const headers = { 'x-aws-ec2-metadata-token': token.body }
  try {
    const list = await ask(roles, headers)
    if (list.status !== 200) throw refused(list.status, advice)
    const [role = ''] = list.body.split('\n')
    const answer = await ask(`${roles}${encodeURIComponent(role)}`, headers)
    if (answer.status !== 200) throw refused(answer.status, advice)
    return Issued.parse(answer.body, source, advice)
  } catch (error) {
    if (error instanceof CredentialsError) throw error
    throw new CredentialsError(
      `${source} can't be reached (${codeOf(error)}).`,
      undefined,
      error,
    )
  }
}

function refused(status: number, details: string): CredentialsError {
  return new CredentialsError(`${source} returned HTTP ${status}.`, details)
}
