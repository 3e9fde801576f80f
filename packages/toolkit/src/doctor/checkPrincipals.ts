import type { AwsConnection } from '../aws/connectAws.js'
import type { Settings } from '../deploy/Settings.js'
import type { Check } from './Check.js'

/** Settings that name roles and users, which KMS and Lambda look up. */
const lists = [
  'administrators',
  'users',
  'importers',
  'breakGlass',
  'deployers',
] as const

/**
 * Checks all roles and users in the settings that could make a deployment fail.
 */
export function principalsOf(settings: Settings): string[] {
  const toList = (value: unknown): string[] =>
    typeof value === 'string'
      ? value.split(',').map((each) => each.trim())
      : Array.isArray(value)
        ? value.map(String)
        : []
  const { invokers } = settings
  const callers =
    typeof invokers === 'object' &&
    invokers !== null &&
    !Array.isArray(invokers)
      ? Object.values(invokers).map(String)
      : toList(invokers).map((pair) => pair.slice(pair.indexOf('=') + 1))
  return [
    ...new Set([
      ...lists.flatMap((name) => toList(settings[name])),
      ...callers,
    ]),
  ].filter((arn) => arn.startsWith('arn:'))
}

/** Checks whether IAM knows every principal that the stack names. */
export async function checkPrincipals(
  connection: AwsConnection,
  settings: Settings,
): Promise<Check[]> {
  const arns = principalsOf(settings)
  if (arns.length === 0) return []
  if (connection.target.kind === 'local')
    return [
      {
        name: 'principal',
        ok: undefined,
        found: 'the local home has no IAM, so roles and users are not checked',
      },
    ]
  const { IAMClient, GetRoleCommand, GetUserCommand } = await import(
    '@aws-sdk/client-iam'
  )
  const iam = connection.open(IAMClient)
  const ask = async (arn: string): Promise<Check> => {
    const name = arn.slice(arn.lastIndexOf('/') + 1)
    if (arn.split(':')[4] !== connection.account)
      return {
        name: 'principal',
        ok: undefined,
        found: `${arn}: not checked, because it is in another account`,
      }
    try {
      const found = arn.includes(':role/')
        ? (await iam.send(new GetRoleCommand({ RoleName: name }))).Role?.Arn
        : (await iam.send(new GetUserCommand({ UserName: name }))).User?.Arn
      if (found === arn) return { name: 'principal', ok: true, found: arn }
      return missing(arn, `in IAM, the ARN of ${name} is ${found}`)
    } catch (error) {
      if ((error as Error).name === 'NoSuchEntityException')
        return missing(arn, 'it does not exist in IAM')
      return {
        name: 'principal',
        ok: undefined,
        found: `${arn}: not checked, because you have no permission (iam:GetRole, iam:GetUser)`,
      }
    }
  }
  return Promise.all(arns.map(ask))
}

function missing(arn: string, why: string): Check {
  return {
    name: 'principal',
    ok: false,
    found: `${arn}: ${why}`,
    fix: "KMS and Lambda refuse policies with principals that don't exist. Create the principal, or correct the ARN.",
  }
}
