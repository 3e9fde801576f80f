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

/** The intended roles, and any principals whose role is unclear. */
export type Meant = { roles: KeyRoles; undecided: readonly string[] }

/** Finds everything in a key's policy that differs from the intended roles. */
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

/** Reports a policy that nobody can change any more. */
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
      summary: 'Nobody can change this policy anymore.',
      risk: "Mistakes in the policy can't be fixed. Only AWS Support might help.",
      remedy:
        "Ask AWS Support to set a policy that includes the account's root, " +
        "or move the account's funds.",
      who: [],
      statements: [],
    },
  ]
}

/**
 * Whether this caller from the key's account might be able to change the
 * policy.
 */
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

/**
 * Whether this caller might be able to schedule the key's deletion with a
 * waiting period of `days`.
 */
export function mayDelete(
  policy: KeyPolicy.KeyPolicy,
  caller: Caller.Caller,
  key: KeyFacts,
  days: number,
): boolean {
  const context = {
    'kms:schedulekeydeletionpendingwindowindays': [String(days)],
  }
  const request = { action: 'ScheduleKeyDeletion', context }
  return judge(policy.statements, { caller, request, key }).may !== 'no'
}

const noAdministrator: Finding = {
  code: 'no-administrator',
  severity: 'medium',
  summary:
    'The key has no administrator: the policy names no role or user that can ' +
    'manage the key.',
  risk: "In an emergency, only the account's root, or principals that IAM allows, can act.",
  remedy: 'Pass at least one role with --admin.',
  who: [],
  statements: [],
}

const replicas: Finding = {
  code: 'multi-region',
  severity: 'low',
  summary:
    'The key is a multi-Region key, and each replica has its own policy.',
  risk: 'This check covered the policy of only one Region.',
  remedy:
    'Check each replica by its ARN. A new single-Region key would have a ' +
    'different account.',
  who: [],
  statements: [],
}

function findUndecided(arn: string): Finding {
  return {
    code: 'undecided',
    severity: 'high',
    summary: `${arn} signs and is also the key's only administrator.`,
    risk: 'Anybody who takes over this principal can sign, and can change who else signs.',
    remedy: `Separate the two: pass --user ${arn} and another --admin, or --admin ${arn} and another --user.`,
    who: [arn],
    statements: [],
  }
}
