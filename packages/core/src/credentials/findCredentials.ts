import type { Credentials } from '../aws/credentials.js'
import { fromContainer } from './fromContainer.js'
import { fromInstance } from './fromInstance.js'
import { fromWebIdentity } from './fromWebIdentity.js'
import type { Environment, Issued } from './Issued.js'
import { refuseProfile } from './refuseProfile.js'

/** How long before expiry to request new credentials. */
const earlyMs = 5 * 60_000
/**
 * How long to wait before trying a failed renewal again. Until then, the old
 * credentials stay in use.
 */
const retryMs = 30_000

/**
 * Credentials for the lean clients of a program outside Lambda. It uses the
 * first source that exists: environment variables (AWS_ACCESS_KEY_ID), a web
 * identity (EKS service accounts, OIDC), a container (ECS, EKS Pod Identity) or
 * an EC2 instance (IMDSv2). Credentials are cached and renewed before they
 * expire.
 *
 * @param options.region - Region of STS, for a web identity. Default:
 * AWS_REGION.
 * @returns a function for the clients' `credentials`; it throws
 * CredentialsError, also if a profile is set, because profiles are not read
 * @example
 * const service = createKmsClient({ credentials: findCredentials() })
 */
export function findCredentials(
  options: { region?: string | undefined } = {},
): () => Promise<Credentials> {
  let known: Issued | undefined
  let askAt = 0
  let asking: Promise<Issued> | undefined

  async function renew(): Promise<Issued> {
    try {
      known = await find(process.env, options.region)
      askAt = known.expiresAt - earlyMs
      return known
    } catch (error) {
      if (known === undefined || known.expiresAt <= Date.now()) throw error
      askAt = Date.now() + retryMs
      return known
    } finally {
      asking = undefined
    }
  }

  return async () => {
    if (known !== undefined && Date.now() < askAt) return known.credentials
    asking ??= renew()
    return (await asking).credentials
  }
}

async function find(
  env: Environment,
  region: string | undefined,
): Promise<Issued> {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = env
  if (AWS_ACCESS_KEY_ID && AWS_SECRET_ACCESS_KEY)
    return {
      credentials: {
        accessKeyId: AWS_ACCESS_KEY_ID,
        secretAccessKey: AWS_SECRET_ACCESS_KEY,
        sessionToken: AWS_SESSION_TOKEN,
      },
      // The environment variables can change at any time.
      expiresAt: 0,
    }
  // If a profile is set, no other source may replace it.
  if (env.AWS_PROFILE) throw await refuseProfile(env)
  return (
    (await fromWebIdentity(env, region)) ??
    (await fromContainer(env)) ??
    (await fromInstance(env)) ??
    Promise.reject(await refuseProfile(env))
  )
}
