import type { KeyRoles } from '../key-policy/index.js'
import type { Capability, Severity } from './Capability.js'
import {
  compare,
  type Differences,
  type Extra,
  type Missing,
  unique,
} from './compare.js'
import { describeCaller, describeCallers } from './describeCallers.js'
import { describeConditions } from './describePolicy.js'
import type { Finding } from './Finding.js'
import type { KeyFacts } from './KeyFacts.js'
import { label } from './KeyPolicy.js'

type About = {
  key: KeyFacts
  roles: KeyRoles
  capabilities: readonly Capability[]
}

/** Reports each difference from the intended permissions. */
export function findDifferences(
  policy: Parameters<typeof compare>[0],
  meant: Parameters<typeof compare>[1],
  about: About & Parameters<typeof compare>[2],
): Finding[] {
  const differences = compare(policy, meant, about)
  return [
    ...extras(differences, about),
    ...latents(differences, about),
    ...unguarded(differences, about),
    ...missing(differences, about),
  ]
}

function extras({ extra }: Differences, about: About): Finding[] {
  return about.capabilities.flatMap((capability) => {
    const all = extra.filter((each) => each.capability === capability)
    const wider = extra.filter(
      (each) => each.capability.code === capability.within,
    )
    // A finding for the whole capability already covers this one.
    const found = all.filter(
      ({ caller }) => !wider.some((each) => each.caller === caller),
    )
    return found.length === 0 ? [] : [describeExtra(capability, found, about)]
  })
}

function describeExtra(
  { code, may, risk, severity }: Capability,
  found: readonly Extra[],
  { key, roles }: About,
): Finding {
  const who = describeCallers(found, key, roles)
  const statements = statementsOf(found)
  const isSure = found.some((each) => each.isSure)
  const conditions = unique(
    statements.flatMap(({ json }) => describeConditions(json.Condition)),
  )
  const under =
    isSure || conditions.length === 0
      ? ''
      : `, if ${conditions.join('; or if ')}`
  const isOutside = found.some(
    ({ caller }) => caller.account !== key.account && caller.kind !== 'service',
  )
  return {
    code,
    severity: isOutside ? raise(severity) : severity,
    summary: `${sentence(who)}${isNested(who) ? ',' : ''} may ${may}${under}.`,
    risk: actionsOf(code, found) + risk,
    remedy:
      code === 'delete-soon'
        ? `Deny shorter waiting periods. If you want them, pass --min-deletion-days.`
        : 'Allow this only to the intended principals, and deny it to everybody else.',
    who,
    statements: statements.map(label),
  }
}

/** Lists the operations of a capability that groups several. */
function actionsOf(code: string, found: readonly Extra[]): string {
  if (!['look', 'tag', 'alias', 'enable', 'other', 'end-grants'].includes(code))
    return ''
  const actions = unique(found.flatMap((each) => each.actions))
  const shown = actions.slice(0, 12).map((action) => `kms:${action}`)
  const more = actions.length > 12 ? ` and ${actions.length - 12} more` : ''
  return `Actions: ${shown.join(', ')}${more}. `
}

function latents({ extra, latent }: Differences, about: About): Finding[] {
  const { key, roles, capabilities } = about
  return capabilities.flatMap((capability) => {
    const isTold = [...extra, ...latent].some(
      (each) => each.capability.code === capability.within,
    )
    const found = latent.filter((each) => each.capability === capability)
    if (isTold || found.length === 0) return []
    if (extra.some((each) => each.capability === capability)) return []
    const who = describeCallers(found, key, roles)
    return [
      {
        code: `latent-${capability.code}`,
        severity: capability.severity === 'high' ? 'medium' : 'low',
        summary: `Only a Deny stops ${and(who)}, who could otherwise ${capability.may}.`,
        risk: `Anybody who removes or rewrites the Deny grants the access. ${capability.risk}`,
        remedy: 'Remove the permission from the statement that allows it.',
        who,
        statements: statementsOf(found).map(label),
      },
    ]
  })
}

function statementsOf(found: readonly Extra[]) {
  return unique(found.flatMap(({ allowedBy }) => allowedBy))
}

function unguarded(
  { extra, unguarded }: Differences,
  { key, roles, capabilities }: About,
): Finding[] {
  return capabilities.flatMap((capability) => {
    const isTold = extra.some(
      (each) =>
        each.capability === capability ||
        each.capability.code === capability.within,
    )
    const found = unguarded.filter((each) => each.capability === capability)
    const isWithin = unguarded.some(
      (each) => each.capability.code === capability.within,
    )
    if (isTold || isWithin || found.length === 0) return []
    const who = describeCallers(
      found.map(({ caller }) => ({ caller, may: 'yes' as const })),
      key,
      roles,
    ).map((words) => words.replace(' (regardless of IAM policies)', ''))
    return [
      {
        code: `unguarded-${capability.code}`,
        severity: capability.severity === 'high' ? 'medium' : 'low',
        summary: `No statement denies these principals permission to ${capability.may}: ${and(who)}.`,
        risk: `No statement allows this today, but a grant or a later Allow would be enough. ${capability.risk}`,
        remedy: 'Deny this to everybody except the intended principals.',
        who,
        statements: [],
      },
    ]
  })
}

const worst: Readonly<Record<string, Severity>> = {
  Sign: 'medium',
  PutKeyPolicy: 'medium',
}

function missing({ missing }: Differences, { key, roles }: About): Finding[] {
  return unique(missing.map(({ caller }) => caller)).map((caller) => {
    const found = missing.filter((each) => each.caller === caller)
    const actions = unique(found.map(({ action }) => `kms:${action}`))
    const who = describeCaller(caller, key, roles)
    const statements = unique(found.flatMap(({ deniedBy }) => deniedBy))
    return {
      code: 'missing',
      severity: severityOf(found),
      summary: `${sentence([who])} lacks intended permissions: ${actions.join(', ')}.`,
      risk:
        statements.length === 0
          ? 'No statement allows these actions.'
          : 'A Deny applies, regardless of any Allow.',
      remedy:
        statements.length === 0
          ? 'Allow each action by name.'
          : 'Allow each action by name, and exempt the principal from the Deny.',
      who: [who],
      statements: statements.map(label),
    }
  })
}

function severityOf(found: readonly Missing[]): Severity {
  return found.some(({ action }) => worst[action] !== undefined)
    ? 'medium'
    : 'low'
}

function raise(severity: Severity): Severity {
  return severity === 'low' ? 'medium' : 'high'
}

function sentence(who: readonly string[]): string {
  const text = and(who)
  return text.replace(/^[a-z]/, (letter) =>
    text.startsWith('arn:') ? letter : letter.toUpperCase(),
  )
}

function and(who: readonly string[]): string {
  const [last, ...rest] = [...who].reverse()
  if (rest.length === 0) return last ?? 'nobody'
  return `${rest.reverse().join(', ')}${isNested(who) ? ',' : ''} and ${last}`
}

/** Whether a list contains a clause, so that commas must set off its parts. */
function isNested(who: readonly string[]): boolean {
  return who.length > 1 && who.some((each) => each.includes(' whose '))
}
