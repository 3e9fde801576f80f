import { flags, planText, type Resolved, roleNames } from '@keyward/iam/review'
import type { PreparedPlan } from './preparePlan.js'
import type { KeyAccess } from './readKeyAccess.js'

/** The assumed roles, shown before any findings. */
export function rolesText(
  { key, state }: KeyAccess,
  { roles, assumed }: Resolved,
): string {
  // ARNs on lines of their own fit a terminal, unlike in a second column.
  return [
    'key',
    `  ${key.arn}`,
    `  ${state}, origin ${key.origin}`,
    ...roleNames.flatMap((name) => {
      const role = `${flags[name].slice(2)}${assumed.includes(name) ? ' (assumed)' : ''}`
      if (roles[name].length === 0) return [`${role}: nobody`]
      return [role, ...roles[name].map((arn) => `  ${arn}`)]
    }),
  ].join('\n')
}

/** Describes the changes. */
export function changesText(
  plan: PreparedPlan,
  revoke: readonly string[],
): string {
  return [
    plan.isChange ? planText(plan) : "The policy doesn't change.",
    ...revoke.map((id) => `- the grant ${id}`),
  ].join('\n')
}
