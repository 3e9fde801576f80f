import { type KeyRoles, keyPolicyDocument } from '../key-policy/index.js'
import type * as Caller from './Caller.js'
import * as Capability from './Capability.js'
import { collectCallers } from './collectCallers.js'
import { type Finding, sort } from './Finding.js'
import { findDifferences } from './findDifferences.js'
import { findUnclear } from './findUnclear.js'
import { judge } from './judge.js'
import { type KeyFacts, rootArn } from './KeyFacts.js'
import * as KeyPolicy from './KeyPolicy.js'

/** Who is meant to be what, with or without those who can't be told. */
export type Meant = { roles: KeyRoles; undecided: readonly string[] }

/** Everything in a key's policy that is not as the roles mean it. */
export function checkPolicy(
  policy: KeyPolicy.KeyPolicy,
  { roles, undecided }: Meant,
  key: KeyFacts,
): Finding[] {
  const meant = KeyPolicy.fromDocument(keyPolicyDocument(roles, rootArn(key)))
  const callers = collectCallers([policy, meant], key)
  const capabilities = Capability.all(key, roles)
  return sort([
    ...findUnclear(policy),
    ...findLockout(policy, roles, callers, key),
    ...undecided.map(findUndecided),
    ...findDifferences(policy, meant, { key, roles, callers, capabilities }),
    ...(key.multiRegion ? [replicas] : []),
  ])
}

/** Whether somebody is left who can change the policy. */
function findLockout(
  policy: KeyPolicy.KeyPolicy,
  roles: KeyRoles,
  callers: readonly Caller.Caller[],
  key: KeyFacts,
): Finding[] {
  if (callers.some((caller) => mayChangePolicy(policy, caller, key)))
    return roles.administrators.length > 0 ? [] : [noAdministrator]
  return [
    {
      code: 'lockout',
      severity: 'high',
      summary: 'Nobody may change this policy again.',
      risk: 'No fault of it can be mended; only AWS Support may help.',
      remedy:
        "Ask AWS Support to set a policy with the account's root in it, or move what the account holds.",
      who: [],
      statements: [],
    },
  ]
}

/** Whether somebody of the key's account may, at the most. */
export function mayChangePolicy(
  policy: KeyPolicy.KeyPolicy,
  caller: Caller.Caller,
  key: KeyFacts,
): boolean {
  if (caller.account !== key.account) return false
  const context = { 'kms:bypasspolicylockoutsafetycheck': ['false'] }
  const request = { action: 'PutKeyPolicy', context }
  return judge(policy.statements, { caller, request, key }).may !== 'no'
}

const noAdministrator: Finding = {
  code: 'no-administrator',
  severity: 'medium',
  summary:
    'The key has no administrator: no role or user that the policy names may look after it.',
  risk: 'In an emergency there is only the root of the account, or whoever IAM lets in.',
  remedy: 'Name at least one role by --admin.',
  who: [],
  statements: [],
}

const replicas: Finding = {
  code: 'multi-region',
  severity: 'low',
  summary:
    'The key is a multi-Region key, and each replica has a policy of its own.',
  risk: 'This check saw the policy of one Region only.',
  remedy:
    'Check each replica by its ARN. A new key of one Region is a new account.',
  who: [],
  statements: [],
}

function findUndecided(arn: string): Finding {
  return {
    code: 'undecided',
    severity: 'high',
    summary: `${arn} signs, and is also the only one who administers the key.`,
    risk: 'Whoever takes it over signs, and can change who else does.',
    remedy: `Part the two: say --user ${arn} and another --admin, or --admin ${arn} and another --user.`,
    who: [arn],
    statements: [],
  }
}
