import { guardTag } from '@keyward/iam/key-policy'
import type { Finding, KeyPolicy, Resolved } from '@keyward/iam/review'
import type { PolicyAnswer } from '../status/readAnswers.js'

/** The functions of a stack that sign with its key. */
export type Signers = {
  /** ARNs of their roles. */
  roles: readonly string[]
  /** The roles of functions that check a policy before they sign. */
  guarded: readonly string[]
  /** ARN of the table in which they count; undefined if they don't count. */
  guardTable: string | undefined
  /** The name of one of the guarded functions. */
  guardedName: string | undefined
}

export type PolicyMode = PolicyAnswer['mode']

/**
 * Principals that can sign directly with a key whose functions check a policy.
 *
 * @param setBy - The stack whose template sets the key's policy, if any.
 */
export function findAroundThePolicy(
  { roles: { users } }: Resolved,
  { guarded, guardTable }: Signers,
  policy: KeyPolicy.KeyPolicy,
  setBy?: string | undefined,
): Finding.Finding[] {
  if (guarded.length === 0) return []
  const bound = boundBy(policy)
  return users
    .filter((arn) => !guarded.includes(arn))
    .map((arn): Finding.Finding => {
      const tables = bound.get(arn) ?? []
      const who = { code: 'around-the-policy', who: [arn], statements: [] }
      if (guardTable !== undefined && tables.includes(guardTable))
        return {
          ...{ ...who, severity: 'low' },
          summary:
            `${arn} can sign under a separate policy as long as its tag ` +
            `${guardTag} is ${guardTable}.`,
          risk: "Anyone who is allowed to change this principal's code, or to tag and assume the principal, can sign without the policy and its windows.",
          remedy:
            'Check who has these permissions. When the role or user no longer signs, remove it from guardedUsers.',
        }
      const [table] = tables
      if (table !== undefined)
        return {
          ...{ ...who, severity: 'high' },
          summary:
            `${arn} can sign as long as its tag ${guardTag} is ${table}, but ` +
            'the functions count ' +
            `${guardTable === undefined ? 'nothing' : `their signatures in ${guardTable}`}.`,
          risk:
            "This principal's signatures are counted separately, so the " +
            'principal and the functions together can exceed the limits.',
          remedy:
            "Deploy the key's stack again, which binds guardedUsers to the stack's table, or remove this user from guardedUsers.",
        }
      return {
        ...{ ...who, severity: 'high' },
        summary: `${arn} can sign without the policy.`,
        risk: "This principal can sign what the policy forbids, and the policy's windows do not count its signatures.",
        remedy: `Remove this principal from the users of the key${
          setBy === undefined
            ? ''
            : ` (to remove all users: keyward deploy --stack ${setBy} -c users=)`
        }, and have it invoke a function instead. If the principal is the role of a function without a policy, deploy that function with the policy.`,
      }
    })
}

/** The principals that our statements bind to tables, with those tables. */
function boundBy({
  statements,
}: KeyPolicy.KeyPolicy): ReadonlyMap<string, readonly string[]> {
  const tables = new Map<string, string[]>()
  for (const { json } of statements) {
    const { Effect, Action, Principal, Resource, Condition } = json
    const { ArnEquals, StringNotEquals, ...more } = Object(Condition)
    const { 'aws:PrincipalArn': arns, ...others } = Object(ArnEquals)
    const { [`aws:PrincipalTag/${guardTag}`]: table, ...strange } =
      Object(StringNotEquals)
    const isOurs =
      Effect === 'Deny' &&
      Resource === '*' &&
      [Action].flat().includes('kms:Sign') &&
      ['*', Object(Principal).AWS].every((one) => one === '*') &&
      [more, others, strange].every((one) => Object.keys(one).length === 0)
    if (!isOurs || typeof table !== 'string') continue
    for (const arn of [arns].flat().map(String))
      tables.set(arn, [...(tables.get(arn) ?? []), table])
  }
  return tables
}

/** Says if the functions' policy doesn't limit anything, or might not. */
export function modeText(
  { guarded }: Pick<Signers, 'guarded'>,
  mode: PolicyMode | undefined,
): string | undefined {
  if (guarded.length === 0 || mode === 'enforce') return undefined
  return mode === 'shadow'
    ? "The functions' policy is in SHADOW MODE: it refuses nothing. The functions log what it would refuse, and sign it anyway."
    : "Whether the functions' policy is enforced could not be read: in shadow mode, it refuses nothing. Check the mode with keyward status, as someone who can invoke the functions' alias status."
}

/**
 * Describes the principals that can bypass the policy by design. Undefined if
 * there are none.
 */
export function remainingWays(
  { roles }: Resolved,
  { guarded }: Signers,
): string | undefined {
  if (guarded.length === 0) return undefined
  const { administrators, deployers, importers } = roles
  const ways = [
    ["can change the key's policy", [...administrators, ...deployers]],
    ['might still have a copy of the imported private key', importers],
  ] as const
  const names = new Intl.ListFormat('en')
  const told = ways
    .filter(([, arns]) => arns.length > 0)
    .map(([may, arns]) => `${names.format(arns)} ${may}`)
  return `Other ways around the functions' policy: ${[...told, "anyone with the right deployment or IAM permissions can change the functions' code or policy"].join('; ')}.`
}
