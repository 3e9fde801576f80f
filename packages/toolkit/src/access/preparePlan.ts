import { InputError } from '@keyward/core/errors'
import type { Resolved } from '@keyward/iam/review'
import {
  Caller,
  callerOf,
  checkPolicy,
  flags,
  KeyPolicy,
  mayChangePolicy,
  type PolicyPlan,
  planPolicy,
  roleNames,
  toRoleOrUser,
} from '@keyward/iam/review'
import type { KeyAccess } from './readKeyAccess.js'

/** The limit that KMS sets. */
const maximumBytes = 32 * 1024

export type PreparedPlan = PolicyPlan & {
  /** The findings that would remain. */
  left: readonly { code: string; summary: string }[]
}

/**
 * Prepares the policy, after checking that it doesn't harm any intended
 * principal: the key keeps an administrator, the caller keeps their access, and
 * no principal gets powerful rights based only on a guess.
 *
 * @throws InputError
 */
export function preparePlan(
  { policy, key }: Pick<KeyAccess, 'policy' | 'key'>,
  meant: Resolved,
  callerArn: string,
): PreparedPlan {
  const { roles, undecided, assumed, signers } = meant
  if (undecided.length > 0)
    throw new InputError(
      `The same principal can't both sign and administer the key: ${undecided.join(', ')}.`,
      {
        details: `The key has no other administrator. Assign one of these two tasks to another principal, with ${flags.users} or ${flags.administrators}.`,
      },
    )
  if (roles.administrators.length === 0)
    throw new InputError('The key would have no administrator.', {
      details: `Pass at least one role or user with ${flags.administrators}. You are running this command as ${toRoleOrUser(callerArn, [])}.`,
    })
  const plan = planPolicy(policy, meant, key)
  const bytes = Buffer.byteLength(JSON.stringify(plan.document))
  if (bytes > maximumBytes)
    throw new InputError(
      `The policy would have ${bytes} bytes, but KMS allows at most ${maximumBytes}.`,
      {
        details: 'Pass fewer roles. Many principals can assume the same role.',
      },
    )
  const guessedAs = (arn: string) =>
    roleNames.filter(
      (name) => assumed.includes(name) && roles[name].includes(arn),
    )
  const gain = plan.gains.find(
    ({ arn }) => !signers.includes(arn) && guessedAs(arn).length > 0,
  )
  if (gain !== undefined) {
    const flag = guessedAs(gain.arn)
      .map((name) => flags[name])
      .join(' or ')
    throw new InputError(
      `This change would let ${gain.arn} ${gain.may}, which it currently can't do.`,
      {
        details:
          'The current policy names this principal, but does not actually ' +
          `give it this permission. To give it the permission, pass its ARN with ${flag}. ` +
          `To leave it out, pass ${flag} with only the other principals.`,
      },
    )
  }
  const next = KeyPolicy.fromDocument(plan.document)
  assertCallerStays(policy, next, key, callerArn, [
    ...roles.administrators,
    ...roles.deployers,
    ...roles.users,
  ])
  return {
    ...plan,
    left: checkPolicy(next, meant, key).map(({ code, summary }) => ({
      code,
      summary,
    })),
  }
}

function assertCallerStays(
  before: KeyPolicy.KeyPolicy,
  after: KeyPolicy.KeyPolicy,
  key: KeyAccess['key'],
  callerArn: string,
  known: readonly string[],
): void {
  const caller = callerOf(callerArn, known) ?? Caller.named(callerArn)
  if (caller === undefined) return
  if (
    mayChangePolicy(after, caller, key) ||
    !mayChangePolicy(before, caller, key)
  )
    return
  throw new InputError('You would lock yourself out of the key.', {
    details: `You are running this command as ${callerArn}. With the new policy, you could not change the policy again, and KMS refuses such a policy. Add yourself (${flags.administrators} ${toRoleOrUser(callerArn, known)}), or run the command as ${known[0]}.`,
  })
}
