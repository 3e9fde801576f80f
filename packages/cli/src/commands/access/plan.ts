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

export function planCommand({ terminal, finish }: Setup): Command {
  return addRoleOptions(
    createAccessCommand('plan', 'show the policy that would mend it'),
  )
    .addHelpText(
      'after',
      `${rolesHelp}
Nothing is changed. The caller must go on being able to change the policy. Calls
kms:DescribeKey, kms:GetKeyPolicy, kms:ListGrants, sts:GetCallerIdentity.${examples(
        'keyward access plan --key alias/treasury',
        'keyward access plan --key alias/old \\',
        '    --admin arn:aws:iam::123456789012:role/key-admin \\',
        '    --user arn:aws:iam::123456789012:role/signer',
      )}`,
    )
    .action(async (flags: KeyFlags & RoleFlags) => {
      const { planAccess } = await import('./planAccess.js')
      await finish(
        await planAccess(
          terminal,
          subjectOf(terminal, flags),
          toGivenRoles(flags),
        ),
        flags,
      )
    })
}
