import type { Command } from 'commander'
import type { RoleFlags } from '../../program/roleOptions.js'
import { addRoleOptions, toGivenRoles } from '../../program/roleOptions.js'
import { examples, type Setup } from '../../program/Setup.js'
import type { KeyFlags } from './createAccessCommand.js'
import {
  createAccessCommand,
  rolesHelp,
  subjectOf,
} from './createAccessCommand.js'

export function checkCommand({ terminal, finish }: Setup): Command {
  return addRoleOptions(
    createAccessCommand('check', "find what is weak in a key's policy"),
  )
    .addHelpText(
      'after',
      `${rolesHelp}
Exits 1 when something is found. Calls kms:DescribeKey, kms:GetKeyPolicy,
kms:ListGrants; iam:GetRole, iam:GetUser if you may.${examples(
        'keyward access check --key alias/treasury',
        'keyward access check --key alias/treasury \\',
        '    --admin arn:aws:iam::123456789012:role/key-admin \\',
        '    --user arn:aws:iam::123456789012:role/signer --json',
      )}`,
    )
    .action(async (flags: KeyFlags & RoleFlags) => {
      const { checkAccess } = await import('./checkAccess.js')
      const given = toGivenRoles(flags)
      await finish(
        await checkAccess(terminal, subjectOf(terminal, flags), given),
        flags,
      )
    })
}
