import { InputError, quote } from '@keyward/core/errors'
import {
  Caller,
  collectCallers,
  KeyFacts,
  KeyPolicy,
  mayDelete,
  toRoleOrUser,
} from '@keyward/iam/review'
import type { AwsConnection } from '../aws/connectAws.js'
import { peek, seen } from '../aws/peek.js'
import { readKeyPolicy } from '../aws/readKeyPolicy.js'
import type { Plan, PlannedKey } from './Plan.js'

/**
 * Checks that the profile belongs to a principal that is allowed to delete each
 * key. Otherwise the stack would be deleted and the key would remain. The
 * policy that KMS has decides, because it may have been changed since the
 * deployment. If this caller isn't allowed to read it, the template decides.
 *
 * @param connection - As the caller who destroys the stack.
 * @throws InputError
 */
export async function assertBreakGlass(
  { kms }: Pick<AwsConnection, 'kms'>,
  breakGlass: Pick<AwsConnection, 'callerArn' | 'target'>,
  profile: string,
  { stack, keys, breakGlass: inTemplate, windowDays }: Plan,
): Promise<void> {
  const needed = keys.filter(
    ({ fate, state }) =>
      fate === 'schedule' && state?.state !== 'PendingDeletion',
  )
  if (needed.length === 0) return
  const callerArn = await breakGlass.callerArn()
  for (const { arn, state } of needed) {
    const text = seen(await peek(() => readKeyPolicy(kms, arn)))
    const [allowed, where] =
      text === undefined
        ? [inTemplate, "In the stack's template, the key's policy"]
        : [
            findDeleters(text, keyFacts(arn, state), callerArn, windowDays),
            "The key's policy",
          ]
    if (allowed === undefined || (text === undefined && allowed.length === 0))
      continue
    const caller = toRoleOrUser(callerArn, allowed)
    if (allowed.includes(caller)) continue
    const howAtHome =
      breakGlass.target.kind === 'local'
        ? ' keyward env --profiles writes a profile for each role, named after the role.'
        : ''
    const whom =
      allowed.length === 0
        ? 'nobody. An administrator can add a role with keyward access apply.'
        : `only ${allowed.join(', ')}. Pass a profile for that role.${howAtHome}`
    throw new InputError(
      `--break-glass-profile ${quote(profile)} is ${caller}, which is not allowed to delete the key of ${stack}.`,
      {
        details: `Nothing was done. ${where} allows ${whom}`,
      },
    )
  }
}

/**
 * The principals that a key's policy names and allows to delete it, and the
 * caller if the policy allows that otherwise. Undefined if part of the policy
 * can't be read.
 */
function findDeleters(
  policyText: string,
  key: KeyFacts.KeyFacts,
  callerArn: string,
  days: number,
): readonly string[] | undefined {
  const policy = KeyPolicy.parse(policyText)
  if (policy.unread.length > 0) return undefined
  const callers = collectCallers([policy], key)
  const names = callers.flatMap(({ name, kind }) =>
    name === undefined || kind === 'service' ? [] : [name],
  )
  const caller = toRoleOrUser(callerArn, names)
  return [...new Set([...names, caller])].filter((name) => {
    // Of a role that the policy doesn't name, the path is unknown.
    const one = Caller.named(names.includes(name) ? name : callerArn)
    if (one === undefined) return false
    const acting =
      name === caller && one.kind === 'role' && callerArn !== name
        ? Caller.inSession(one, callerArn)
        : one
    return mayDelete(policy, acting, key, days)
  })
}

function keyFacts(arn: string, state: PlannedKey['state']): KeyFacts.KeyFacts {
  // The id of a multi-Region key says so.
  const multiRegion = arn.includes(':key/mrk-')
  return KeyFacts.fromArn(arn, { origin: state?.origin, multiRegion })
}
