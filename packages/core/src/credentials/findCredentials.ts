import type { Credentials } from '../aws/credentials.js'
import { fromContainer } from './fromContainer.js'
import { fromInstance } from './fromInstance.js'
import { fromWebIdentity } from './fromWebIdentity.js'
import type { Environment, Issued } from './Issued.js'
import { refuseProfile } from './refuseProfile.js'

/** So long before they end, new ones are asked for. */
const earlyMs = 5 * 60_000
/** When there are none yet, the old ones go on, and are asked for after. */
const retryMs = 30_000

/**
 * The credentials of a program outside of Lambda, for the lean clients: of the
 * environment (AWS_ACCESS_KEY_ID), a web identity (EKS service accounts, OIDC),
 * a container (ECS, EKS Pod Identity) or an EC2 instance (IMDSv2), the first
 * that is there. They are kept, and asked for anew before they end.
 *
 * @param options.region - Of STS, for a web identity. Default: AWS_REGION.
 * @returns what the clients take as `credentials`; it throws CredentialsError,
 * also for a profile, which is not read
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
      // Somebody may set others at any time.
      expiresAt: 0,
    }
  // Who names a profile means that one, and not whatever else is there.
  if (env.AWS_PROFILE) throw await refuseProfile(env)
  return (
    (await fromWebIdentity(env, region)) ??
    (await fromContainer(env)) ??
    (await fromInstance(env)) ??
    Promise.reject(await refuseProfile(env))
  )
}
