import type { GivenRoles } from '@keyward/iam/review'
import { reading } from '@keyward/toolkit'
import { choice, list, number, type Values } from './Input.js'
import { parseRole } from './parsers.js'

/** The roles of a key, with the same flags in every command. */
export const roleInputs = {
  admin: list('--admin <arn...>', 'administrators, who never sign', parseRole),
  user: list('--user <arn...>', 'users, who may only sign', parseRole),
  importer: list(
    '--importer <arn...>',
    'roles that import key material',
    parseRole,
  ),
  breakGlass: list(
    '--break-glass <arn...>',
    'the break-glass role, which may delete the key and its material',
    parseRole,
  ),
  deployer: list(
    '--deployer <arn...>',
    "the role that deploys the key's stack",
    parseRole,
  ),
  minDeletionDays: number(
    '--min-deletion-days <n>',
    'the shortest waiting period for a deletion, in days (default: 30)',
    { min: 7, max: 30 },
  ),
  importExpiration: choice(
    '--import-expiration <when>',
    'whether imported material must expire',
    ['never', 'required', 'any'],
  ),
}

/** The roles that were given, by their names in the toolkit. */
export function toGivenRoles(
  options: Values<typeof roleInputs>,
): Promise<GivenRoles> {
  const given = {
    administrators: once(options.admin),
    users: once(options.user),
    importers: once(options.importer),
    breakGlass: once(options.breakGlass),
    deployers: once(options.deployer),
    minimumDeletionWindowDays: options.minDeletionDays,
    importExpiration: options.importExpiration,
  }
  return reading(async () => {
    const { assertRoles } = await import('@keyward/iam/review')
    const roles: GivenRoles = Object.fromEntries(
      Object.entries(given).filter(([, value]) => value !== undefined),
    )
    assertRoles(roles)
    return roles
  })
}

/** ARNs without duplicates, in the given order. */
function once(arns: readonly string[]): string[] | undefined {
  return arns.length === 0 ? undefined : [...new Set(arns)]
}
