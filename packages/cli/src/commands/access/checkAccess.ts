import type { KeyRoles } from '@keyward/iam/key-policy'
import {
  Finding,
  flags,
  type GivenRoles,
  type Resolved,
  roleNames,
} from '@keyward/iam/review'
import type { Style } from '@keyward/toolkit'
import { toColumns } from '@keyward/toolkit'
import type { KeyAccess } from '@keyward/toolkit/access'
import {
  findAll,
  findAroundThePolicy,
  openAccess,
  remainingWays,
  type Subject,
} from '@keyward/toolkit/access'
import type { Result } from '../../output/Result.js'
import { styleFor, type Terminal } from '../../terminal/Terminal.js'

export type AccessReport = {
  key: string
  /** Who is taken to be what. */
  roles: KeyRoles
  /** Lists that nobody gave, and the policy was taken by its word for. */
  assumed: string[]
  findings: Finding.Finding[]
}

/** Which key, and what was said of its roles. */
export type Asked = { subject: Subject; given: GivenRoles }

/** Finds what is weak in a key's policy and grants. */
export function checkAccess(
  terminal: Terminal,
  { subject, given }: Asked,
): Promise<Result<AccessReport>> {
  return openAccess(terminal, subject, given, async (open) => {
    const { access, meant, signers } = open
    const findings = Finding.sort([
      ...findAll(access, meant),
      ...findAroundThePolicy(meant, signers),
    ])
    const ways = remainingWays(meant, signers)
    const style = styleFor(terminal.stdout, terminal.env)
    return {
      data: {
        key: access.key.arn,
        roles: meant.roles,
        assumed: meant.assumed,
        findings,
      },
      text: [
        rolesText(access, meant),
        '',
        ...findings.flatMap((each) => [findingText(each, style), '']),
        conclusion(findings, meant),
        ...(ways === undefined ? [] : ['', ways]),
      ].join('\n'),
      exitCode: findings.length === 0 ? 0 : 1,
    }
  })
}

/** Who is taken to be what, before anything is said about it. */
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

function findingText(finding: Finding.Finding, style: Style): string {
  const { severity, code, summary, risk, remedy, statements } = finding
  const mark = severity.toUpperCase().padEnd(6)
  const paint = { high: style.red, medium: style.bold, low: style.dim }
  return [
    `${paint[severity](mark)}  ${code}: ${summary}`,
    ...(statements.length === 0
      ? []
      : [`        by: ${statements.join(', ')}`]),
    `        so: ${risk}`,
    `        do: ${remedy}`,
  ].join('\n')
}

function conclusion(
  findings: readonly Finding.Finding[],
  { assumed }: Resolved,
): string {
  const assumption =
    assumed.length === 0
      ? ''
      : ` The policy itself was asked who is meant to be what (assumed above): if somebody there is wrong, name who is right by ${assumed.map((name) => flags[name as keyof typeof flags]).join(', ')}.`
  if (findings.length === 0)
    return `Nothing was found: the policy allows what these roles are for, and denies the rest.${assumption}`
  return `${Finding.count(findings)}. keyward access plan shows the policy that fixes them.${assumption}`
}
