import {
  assertDisjoint,
  isUserOrRole,
  type KeyRoles,
} from '../key-policy/index.js'
import { PolicyError } from '../PolicyError.js'
import { quote } from '../quote.js'
import type { Meant } from './checkPolicy.js'
import { inferRoles, type RoleName, roleNames } from './inferRoles.js'
import type { KeyFacts } from './KeyFacts.js'
import type { KeyPolicy } from './KeyPolicy.js'

/** What was said on the command line; what wasn't is undefined. */
export type GivenRoles = Partial<KeyRoles>

export type Resolved = Meant & {
  /** What was inferred from the policy, in place of what was not said. */
  assumed: RoleName[]
  /** Roles and users that the policy names, and IAM says are not there. */
  gone: readonly string[]
}

/** The flags by which the lists are given. */
export const flags: Readonly<Record<RoleName, string>> = {
  administrators: '--admin',
  users: '--user',
  importers: '--importer',
  breakGlass: '--break-glass',
  deployers: '--deployer',
}

/**
 * Who is meant to be what: as given, and for lists that are not given as the
 * policy itself has it.
 *
 * @param about.signers - Roles of functions that sign with the key: users in
 *   any case.
 * @param about.gone - Whom IAM does not know: never meant.
 * @throws PolicyError
 */
export function resolveRoles(
  given: GivenRoles,
  about: {
    policy: KeyPolicy
    key: KeyFacts
    signers: readonly string[]
    gone: readonly string[]
  },
): Resolved {
  const { policy, key, signers, gone } = about
  const inferred = inferRoles(policy, key)
  const assumed = roleNames.filter(
    (name) => given[name] === undefined && inferred.roles[name].length > 0,
  )
  const users = given.users
  const others = roleNames.filter((name) => name !== 'users')
  const named = [...roleNames.flatMap((name) => given[name] ?? []), ...signers]
  const lists = Object.fromEntries(
    roleNames.map((name) => [
      name,
      // Whom a flag names is what the flag says, and nothing beside it.
      given[name] ??
        inferred.roles[name].filter(
          (arn) => !named.includes(arn) && !gone.includes(arn),
        ),
    ]),
  ) as Record<RoleName, readonly string[]>
  const roles: KeyRoles = {
    ...lists,
    users: [...new Set([...lists.users, ...signers])],
    goesWithStack: given.goesWithStack ?? inferred.goesWithStack,
    importExpiration: given.importExpiration ?? inferred.importExpiration,
    minimumDeletionWindowDays: given.minimumDeletionWindowDays ?? 30,
  }
  assertRoles(roles)
  return {
    ...{ roles, assumed, gone },
    undecided: inferred.undecided.filter(
      (arn) =>
        users?.includes(arn) !== true &&
        !signers.includes(arn) &&
        !others.some((name) => given[name]?.includes(arn)),
    ),
  }
}

/**
 * @throws PolicyError for what is no ARN of a role or user, and for a user that
 *   is something else as well.
 */
export function assertRoles(roles: GivenRoles): void {
  for (const name of roleNames)
    for (const arn of roles[name] ?? [])
      if (!isUserOrRole(arn))
        throw new PolicyError(`${flags[name]} ${quote(arn)} is refused.`, {
          code: 'invalid-input',
          details:
            'Give the ARN of an IAM role or user, such as ' +
            'arn:aws:iam::123456789012:role/key-admin; not *, an account, its ' +
            'root, or the session of a role.',
        })
  const { users = [], ...others } = roles
  try {
    assertDisjoint(
      users,
      Object.fromEntries(
        roleNames
          .filter((name) => name !== 'users')
          .map((name) => [name, others[name] ?? []]),
      ),
    )
  } catch (error) {
    throw new PolicyError((error as Error).message, {
      code: 'invalid-input',
      cause: error,
    })
  }
}
