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

/** The roles given on the command line; undefined if not given. */
export type GivenRoles = Partial<KeyRoles>

export type Resolved = Meant & {
  /** The roles that were not given, and were taken from the policy instead. */
  assumed: RoleName[]
  /** Roles and users that the policy names but that no longer exist in IAM. */
  gone: readonly string[]
  /** Roles of functions that sign with the key. They are users, not assumed. */
  signers: readonly string[]
}

/** The flag that sets each list. */
export const flags: Readonly<Record<RoleName, string>> = {
  administrators: '--admin',
  users: '--user',
  importers: '--importer',
  breakGlass: '--break-glass',
  deployers: '--deployer',
}

/**
 * The intended roles: the given lists, and the policy's own for any list that
 * is not given.
 *
 * @param about.signers - Roles of functions that sign with the key. They always
 *   count as users.
 * @param about.gone - Principals that no longer exist in IAM. They never count.
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
      // A principal named by a flag has only the role of that flag.
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
    ...{ roles, assumed, gone, signers },
    undecided: inferred.undecided.filter(
      (arn) =>
        users?.includes(arn) !== true &&
        !signers.includes(arn) &&
        !others.some((name) => given[name]?.includes(arn)),
    ),
  }
}

/**
 * @throws PolicyError for anything but the ARN of a role or user, and for a
 *   user that also has another role
 */
export function assertRoles(roles: GivenRoles): void {
  for (const name of roleNames)
    for (const arn of roles[name] ?? [])
      if (!isUserOrRole(arn))
        throw new PolicyError(
          `${flags[name]} ${quote(arn)} is not the ARN of an IAM role or user.`,
          {
            code: 'invalid-input',
            details:
              'Pass an ARN such as arn:aws:iam::123456789012:role/key-admin. ' +
              "The value *, an AWS account, its root user and a role's session are not accepted.",
          },
        )
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
