import type { Finding, Resolved } from '@keyward/iam/review'

/** The functions of a stack that sign with its key. */
export type Signers = {
  /** ARNs of their roles. */
  roles: readonly string[]
  /** Those that ask a policy before they sign. */
  guarded: readonly string[]
}

/** Who signs by himself, with a key whose functions ask a policy. */
export function findAroundThePolicy(
  { roles: { users } }: Resolved,
  { guarded }: Signers,
): Finding.Finding[] {
  if (guarded.length === 0) return []
  return users
    .filter((arn) => !guarded.includes(arn))
    .map((arn) => ({
      code: 'around-the-policy',
      severity: 'high',
      summary: `${arn} may sign, and no policy is asked then.`,
      risk: 'What the policy forbids is signed all the same, and its windows do not count it.',
      remedy:
        'Take it from the users of the key, and have it call a function; or deploy the functions that lack the policy with it.',
      who: [arn],
      statements: [],
    }))
}

/** Who is past the policy in another way, on purpose. Undefined without one. */
export function remainingWays(
  { roles }: Resolved,
  { guarded }: Signers,
): string | undefined {
  if (guarded.length === 0) return undefined
  const { administrators, deployers, importers } = roles
  const ways = [
    ['may change the key’s policy', [...administrators, ...deployers]],
    ['may hold the key that was imported', importers],
  ] as const
  const told = ways
    .filter(([, arns]) => arns.length > 0)
    .map(([may, arns]) => `${arns.join(', ')} ${may}`)
  return `Past the functions' policy in other ways: ${[...told, 'whoever may change the functions’ code or policy (the deployment, by IAM)'].join('; ')}.`
}
