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

/** The limit of KMS. */
const maximumBytes = 32 * 1024

export type PreparedPlan = PolicyPlan & {
  /** The findings that would remain. */
  left: readonly { code: string; summary: string }[]
}

/**
 * Prepares the policy, after checking that it harms no intended principal: the
 * key keeps an administrator, the caller keeps their access, and no principal
 * gets powerful rights based only on a guess.
 *
 * @throws InputError
 */
export function preparePlan(
  { policy, key }: KeyAccess,
  meant: Resolved,
  callerArn: string,
): PreparedPlan {
  const { roles, undecided, assumed } = meant
  if (undecided.length > 0)
    throw new InputError(`${undecided.join(', ')} can't keep both roles.`, {
      details: `It signs, and it is also the only administrator of the key. Assign it to one role, and name somebody else for the other, with ${flags.users} and ${flags.administrators}.`,
    })
  if (roles.administrators.length === 0)
    throw new InputError('The key would have no administrator.', {
      details: `Name at least one role with ${flags.administrators}. You are ${toRoleOrUser(callerArn, [])}.`,
    })
  const plan = planPolicy(policy, meant, key)
  const bytes = Buffer.byteLength(JSON.stringify(plan.document))
  if (bytes > maximumBytes)
    throw new InputError(
      `The policy would have ${bytes} bytes, but KMS allows ${maximumBytes}.`,
      { details: 'Name fewer roles; many principals can assume one role.' },
    )
  const guessed = plan.gains.filter(({ arn }) =>
    roleNames.some(
      (name) => assumed.includes(name) && roles[name].includes(arn),
    ),
  )
  const [gain] = guessed
  if (gain !== undefined)
    throw new InputError(
      `${gain.arn} could not ${gain.may} before, but could afterwards.`,
      {
        details:
          'The current policy names it, but does not actually allow this. If ' +
          'you want to allow it, name it with --admin, --user, --importer, ' +
          '--break-glass or --deployer; otherwise pass that list without it.',
      },
    )
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
    details: `You are ${callerArn}, and could not change the policy again; KMS refuses such a policy. Name yourself too (${flags.administrators} ${toRoleOrUser(callerArn, known)}), or run this as ${known[0]}.`,
  })
}
