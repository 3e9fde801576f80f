import type { Command } from 'commander'
import type { RoleFlags } from '../../program/roleOptions.js'
import { addRoleOptions, toGivenRoles } from '../../program/roleOptions.js'
import type { Unsure } from '../../program/Setup.js'
import { examples, type Setup } from '../../program/Setup.js'
import type { ApplyOptions } from './applyAccess.js'
import type { KeyFlags } from './createAccessCommand.js'
import {
  createAccessCommand,
  rolesHelp,
  subjectOf,
} from './createAccessCommand.js'

export function applyCommand({ terminal, finish }: Setup): Command {
  return addRoleOptions(
    createAccessCommand('apply', 'set the policy that mends it'),
  )
    .option('--backup <file>', 'write the earlier policy there, a new file')
    .option('--dry-run', 'show what would be set, and set nothing')
    .option('-y, --yes', "don't ask before changing a key in AWS")
    .addHelpText(
      'after',
      `${rolesHelp}
Without --backup the earlier policy is printed. Exits 1 when something is still
found afterwards. Calls what plan calls, kms:PutKeyPolicy, and for each grant
kms:RevokeGrant.${examples(
        'keyward access apply --key alias/treasury --backup policy.json',
        'keyward access apply --key alias/treasury --yes --json',
      )}`,
    )
    .action(async (flags: KeyFlags & RoleFlags & Unsure<ApplyOptions>) => {
      const { applyAccess } = await import('./applyAccess.js')
      const result = await applyAccess(
        terminal,
        subjectOf(terminal, flags),
        toGivenRoles(flags),
        {
          yes: flags.yes === true,
          dryRun: flags.dryRun === true,
          backup: flags.backup,
        },
      )
      await finish(result, flags)
    })
}
