import type { GivenRoles } from '@keyward/iam/review'
import { type Command, Option } from 'commander'
import { numberOption } from './numberOption.js'

export type RoleFlags = {
  admin?: string[] | undefined
  user?: string[] | undefined
  importer?: string[] | undefined
  breakGlass?: string[] | undefined
  deployer?: string[] | undefined
  minDeletionDays?: number | undefined
  importExpiration?: 'never' | 'required' | 'any' | undefined
}

/** Who is to be what on a key: the same flags wherever that is said. */
export function addRoleOptions(command: Command): Command {
  return command
    .option('--admin <arn...>', 'look after the key; never sign')
    .option('--user <arn...>', 'sign, and nothing else')
    .option('--importer <arn...>', 'bring key material in')
    .option('--break-glass <arn...>', 'end the key, and delete its material')
    .option('--deployer <arn...>', 'deploy the stack it is in')
    .addOption(
      numberOption(
        '--min-deletion-days <n>',
        'shortest waiting period of a deletion (default: 30)',
        { min: 7, max: 30, integer: true },
      ),
    )
    .addOption(
      new Option(
        '--import-expiration <when>',
        'whether imported material expires',
      ).choices(['never', 'required', 'any'] as const),
    )
}

export function toGivenRoles(flags: RoleFlags): GivenRoles {
  const given = {
    administrators: once(flags.admin),
    users: once(flags.user),
    importers: once(flags.importer),
    breakGlass: once(flags.breakGlass),
    deployers: once(flags.deployer),
    minimumDeletionWindowDays: flags.minDeletionDays,
    importExpiration: flags.importExpiration,
  }
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  )
}

/** ARNs once each, in the order they were given. */
function once(arns: readonly string[] | undefined): string[] | undefined {
  return arns === undefined ? undefined : [...new Set(arns)]
}
