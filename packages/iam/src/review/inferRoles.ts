import {
  isExecutionRole,
  isUserOrRole,
  type KeyRoles,
} from '../key-policy/index.js'
import { Condition } from '../policy/index.js'
import * as Caller from './Caller.js'
import * as Capability from './Capability.js'
import { collectCallers } from './collectCallers.js'
import { unique } from './compare.js'
import { judge } from './judge.js'
import type { KeyFacts } from './KeyFacts.js'
import type { KeyPolicy, KeyStatement } from './KeyPolicy.js'
import { toQuestion } from './Situation.js'

/** The five lists of {@link KeyRoles}. */
export type RoleLists = Pick<
  KeyRoles,
  'administrators' | 'users' | 'importers' | 'breakGlass' | 'deployers'
>

export const roleNames = [
  'administrators',
  'users',
  'importers',
  'breakGlass',
  'deployers',
] as const satisfies readonly (keyof RoleLists)[]

export type RoleName = (typeof roleNames)[number]

export type Inferred = {
  roles: RoleLists
  /** ARNs that would belong to two lists that exclude each other. */
  undecided: string[]
  goesWithStack: boolean
  importExpiration: KeyRoles['importExpiration']
}

// Our own statements, by the list that they name.
const sids: Readonly<Record<string, RoleName>> = {
  Administrators: 'administrators',
  UsersSign: 'users',
  ImportersWrap: 'importers',
  ImportersImport: 'importers',
  BreakGlass: 'breakGlass',
  Deployers: 'deployers',
}

/**
 * Infers the intended roles from a policy. In one of our policies, the
 * statements name the roles. In any other policy, the permissions that a
 * principal gets by name show its role. Principals of other accounts, or that
 * only a wildcard covers, never get a role.
 */
export function inferRoles(policy: KeyPolicy, key: KeyFacts): Inferred {
  const found = new Map<string, Set<RoleName>>()
  const note = (arn: string, role: RoleName) => {
    if (isOwn(arn, key)) found.set(arn, (found.get(arn) ?? new Set()).add(role))
  }
  const isOurs = policy.statements.some(({ sid }) => sids[sid ?? ''])
  const inferred = isOurs
    ? inferFromSids(policy, key)
    : inferFromRights(policy, key)
  for (const [arn, role] of inferred) note(arn, role)
  const { roles, undecided } = part(found)
  return {
    roles,
    undecided,
    goesWithStack: policy.statements.some(
      ({ sid, json }) => sid === 'DeployersDelete' && json.Effect === 'Allow',
    ),
    importExpiration: inferExpiration(policy, key, roles.importers),
  }
}

function isOwn(arn: string, key: KeyFacts): boolean {
  return isUserOrRole(arn) && arn.split(':')[4] === key.account
}

function inferFromSids(
  { statements }: KeyPolicy,
  key: KeyFacts,
): [arn: string, role: RoleName][] {
  return statements.flatMap(({ sid, json, statement }) => {
    const { principal } = statement
    if (json.Effect !== 'Allow' || !principal || principal.isNot) return []
    const { arns } = principal.value
    const role = sids[sid ?? '']
    if (role !== undefined)
      return arns.map((arn): [string, RoleName] => [arn, role])
    // A principal that can only view is not a user. But if UsersSign now names
    // everybody, only this statement still names the users.
    if (sid !== 'UsersLook') return []
    return arns
      .filter((arn) => maySign(statements, arn, key))
      .map((arn): [string, RoleName] => [arn, 'users'])
  })
}

function maySign(
  statements: readonly KeyStatement[],
  arn: string,
  key: KeyFacts,
): boolean {
  const caller = Caller.named(arn)
  if (caller === undefined) return false
  const context = {
    'kms:signingalgorithm': ['ECDSA_SHA_256'],
    'kms:messagetype': ['DIGEST'],
  }
  const request = { action: 'Sign', context }
  return judge(statements, { caller, request, key }).may !== 'no'
}

/** The roles of each principal, from the statements that single it out. */
function inferFromRights(
  policy: KeyPolicy,
  key: KeyFacts,
): [arn: string, role: RoleName][] {
  const capabilities = Capability.all(key, {
    minimumDeletionWindowDays: 30,
    importExpiration: 'any',
  })
  return collectCallers([policy], key).flatMap((caller) => {
    const { name } = caller
    if (name === undefined || !isOwn(name, key)) return []
    const statements = policy.statements.filter(
      (each) => each.json.Effect === 'Deny' || singlesOut(each, caller, key),
    )
    const may = (...codes: string[]) =>
      capabilities
        .filter(({ code }) => codes.includes(code))
        .some(({ requests }) =>
          requests.some(
            (request) =>
              judge(statements, { caller, request, key }).may === 'yes',
          ),
        )
    const found: RoleName[] = []
    if (may('sign', 'sign-otherwise')) found.push('users')
    if (isExecutionRole(name)) {
      if (may('change-policy')) found.push('deployers')
    } else if (may('change-policy', 'enable', 'tag', 'create-grant'))
      found.push('administrators')
    else if (may('delete', 'delete-soon', 'delete-material'))
      found.push('breakGlass')
    if (!found.includes('administrators') && may('import', 'import-parameters'))
      found.push('importers')
    return found.map((role): [string, RoleName] => [name, role])
  })
}

/** Whether a statement allows something to named principals only. */
function singlesOut(
  { statement }: KeyStatement,
  caller: Caller.Caller,
  key: KeyFacts,
): boolean {
  const { principal } = statement
  if (!principal || principal.isNot) return false
  if (principal.value.arns.includes(caller.name ?? '')) return true
  const stranger = Caller.unnamed(
    caller.kind === 'user' ? 'user' : 'role',
    key.account,
    key.partition,
  )
  const request = { action: 'Sign', context: {} }
  const contextOf = (caller: Caller.Caller) =>
    toQuestion({ caller, request, key }).context
  return statement.conditions.some(
    (each) =>
      each.key.toLowerCase() === 'aws:principalarn' &&
      Condition.evaluate(each, contextOf(stranger)) === 'no' &&
      Condition.evaluate(each, contextOf(caller)) === 'yes',
  )
}

/**
 * Separates users from all other roles. A principal that both signs and
 * administers keeps the role that nobody else could fill. If that doesn't
 * decide it, a person must decide.
 */
function part(found: ReadonlyMap<string, ReadonlySet<RoleName>>): {
  roles: RoleLists
  undecided: string[]
} {
  const entries = [...found]
  const isBoth = (is: ReadonlySet<RoleName>) => is.has('users') && is.size > 1
  const pure = (role: RoleName) =>
    entries.some(([, is]) => is.has(role) && !isBoth(is))
  const undecided: string[] = []
  const lists: Record<RoleName, string[]> = {
    administrators: [],
    users: [],
    importers: [],
    breakGlass: [],
    deployers: [],
  }
  for (const [arn, is] of entries) {
    let kept: readonly RoleName[] = [...is]
    if (isBoth(is)) {
      if (pure('users')) kept = kept.filter((role) => role !== 'users')
      else if (!is.has('administrators') || pure('administrators'))
        kept = ['users']
      else {
        undecided.push(arn)
        kept = kept.filter((role) => role !== 'users')
      }
    }
    for (const role of kept) lists[role].push(arn)
  }
  for (const role of roleNames) lists[role] = unique(lists[role])
  return { roles: lists, undecided }
}

function inferExpiration(
  { statements }: KeyPolicy,
  key: KeyFacts,
  importers: readonly string[],
): KeyRoles['importExpiration'] {
  const may = (model: string) =>
    importers.some((arn) => {
      const caller = Caller.named(arn)
      const context = { 'kms:expirationmodel': [model] }
      const request = { action: 'ImportKeyMaterial', context }
      return caller && judge(statements, { caller, request, key }).may === 'yes'
    })
  const lasting = may('KEY_MATERIAL_DOES_NOT_EXPIRE')
  const expiring = may('KEY_MATERIAL_EXPIRES')
  if (expiring) return lasting ? 'any' : 'required'
  return 'never'
}
