import { flags, planText, type Resolved, roleNames } from '@keyward/iam/review'
import { toColumns } from '../text/toColumns.js'
import type { PreparedPlan } from './preparePlan.js'
import type { KeyAccess } from './readKeyAccess.js'

/** The assumed roles, shown before any findings. */
export function rolesText(
  { key, state }: KeyAccess,
  { roles, assumed }: Resolved,
): string {
  const rows = roleNames.map((name): [string, string] => [
    `${flags[name].slice(2)}${assumed.includes(name) ? ' (assumed)' : ''}`,
    roles[name].join('\n') || 'nobody',
  ])
  const width = Math.max(...rows.map(([name]) => name.length))
  return toColumns([
    ['key', `${key.arn}, ${state}, origin ${key.origin}`],
    ...rows.map(([name, arns]): [string, string] => [
      name,
      arns.replaceAll('\n', `\n${' '.repeat(width + 2)}`),
    ]),
  ])
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
