import { PolicyError } from '../PolicyError.js'
import { quote } from '../quote.js'
import type { Certainty } from './Certainty.js'
import type { Match } from './Match.js'
import type { Negatable } from './Negatable.js'
import type { Principal } from './Principal.js'
import { toRoleArn } from './principalIds.js'

/** The principals that a Principal or NotPrincipal element names. */
export type PrincipalElement = {
  everyone: boolean
  /** Account ids, which a policy gives as an id or as the account's root. */
  accounts: readonly string[]
  /** ARNs of users, roles and sessions. */
  arns: readonly string[]
  services: readonly string[]
}

const account = /^(\d{12})$|^arn:aws[a-z-]*:iam::(\d{12}):root$/
// AWS replaces deleted users and roles with ids, which match nothing.
const identity =
  /^arn:aws[a-z-]*:(?:iam::\d{12}:(?:user|role)\/[^*?]+|sts::\d{12}:(?:assumed-role\/[^/*?]+\/[^/*?]+|federated-user\/[^*?]+))$|^A(?:IDA|ROA)[A-Z0-9]{8,124}$/
const service = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.amazonaws\.com(?:\.cn)?$/

/** @throws PolicyError for an element that names no principal */
export function parse(value: unknown): PrincipalElement {
  if (value === '*')
    return { everyone: true, accounts: [], arns: [], services: [] }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new PolicyError(
      'Principal must be "*" or an object such as {"AWS": "ARN"}.',
    )
  const types = Object.entries(value)
  if (types.length === 0)
    throw new PolicyError('Principal must not be an empty object.')
  const accounts: string[] = []
  const arns: string[] = []
  const services: string[] = []
  let everyone = false
  for (const [type, names] of types)
    for (const name of toNames(type, names)) {
      const [, id, root] = account.exec(name) ?? []
      if (type === 'Federated' || type === 'CanonicalUser') continue
      if (type === 'Service' && service.test(name)) services.push(name)
      else if (type !== 'AWS') throw noPrincipal(type, name)
      else if (name === '*') everyone = true
      else if (id ?? root) accounts.push((id ?? root) as string)
      else if (identity.test(name)) arns.push(name)
      else throw noPrincipal(type, name)
    }
  return { everyone, accounts, arns, services }
}

function toNames(type: string, names: unknown): string[] {
  const list: unknown[] = Array.isArray(names) ? names : [names]
  if (!['AWS', 'Service', 'Federated', 'CanonicalUser'].includes(type))
    throw new PolicyError(
      `${quote(type)} is not a valid principal type. Use AWS, Service, Federated or CanonicalUser.`,
    )
  if (list.length === 0 || !list.every((name) => typeof name === 'string'))
    throw new PolicyError(
      `Principals of type ${type} must be a string or a non-empty list of strings.`,
    )
  return list as string[]
}

function noPrincipal(type: string, name: string): PolicyError {
  return new PolicyError(
    type === 'AWS' && /^arn:.*[*?]/.test(name)
      ? `${quote(name)} has a wildcard, which is not allowed within a principal. Use its full ARN, or match it with a condition on aws:PrincipalArn.`
      : `${quote(name)} does not name a principal of type ${type}.`,
  )
}

/** How a statement's Principal or NotPrincipal names the caller. */
export function names(
  { isNot, value }: Negatable<PrincipalElement>,
  effect: 'Allow' | 'Deny',
  caller: Principal,
): Match {
  const match = matchOf(value, caller)
  if (!isNot)
    return {
      holds: match === 'none' ? 'no' : 'yes',
      isByAccount: match === 'account',
    }
  return { holds: isOutside(value, match, effect, caller), isByAccount: false }
}

/**
 * Whether a statement with NotPrincipal applies to the caller. For a Deny, AWS
 * may check a session, its role and its account in turn, so a caller is surely
 * exempt only if the statement names all three. For an Allow, AWS doesn't say
 * whether an account covers its members.
 */
function isOutside(
  element: PrincipalElement,
  match: 'direct' | 'account' | 'none',
  effect: 'Allow' | 'Deny',
  caller: Principal,
): Certainty {
  if (match === 'none') return 'yes'
  if (effect === 'Allow') return match === 'direct' ? 'no' : 'unknown'
  if (match === 'account' || isOtherSession(element, caller)) return 'yes'
  const isSpared =
    element.everyone ||
    caller.service !== undefined ||
    (element.accounts.includes(caller.account) &&
      (isRoot(caller) ||
        arnsOf(caller).every((arn) => element.arns.includes(arn))))
  return isSpared ? 'no' : 'unknown'
}

/** Whether the caller is named, or only its account, or neither. */
function matchOf(
  element: PrincipalElement,
  caller: Principal,
): 'direct' | 'account' | 'none' {
  if (element.everyone) return 'direct'
  if (caller.service !== undefined)
    return element.services.includes(caller.service) ? 'direct' : 'none'
  const isNamed = arnsOf(caller).some((arn) => element.arns.includes(arn))
  if (isNamed) return 'direct'
  if (!element.accounts.includes(caller.account)) return 'none'
  return isRoot(caller) ? 'direct' : 'account'
}

/** Whether other sessions of the caller's role are named, but not this one. */
function isOtherSession(
  { arns }: PrincipalElement,
  { arn }: Principal,
): boolean {
  const [sessions] = /^arn:[^:]+:sts::\d+:assumed-role\/[^/]+\//.exec(arn) ?? []
  if (sessions === undefined || arns.includes(arn)) return false
  return arns.some((each) => each.startsWith(sessions))
}

export function isRoot({ arn }: Principal): boolean {
  return arn.endsWith(':root')
}

function arnsOf({ arn, roleArn }: Principal): string[] {
  const role = roleArn ?? toRoleArn(arn)
  return role === arn ? [arn] : [arn, role]
}
