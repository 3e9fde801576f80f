import type { Command } from 'commander'
import { examples, type Setup } from '../../program/Setup.js'
import type { KeyFlags } from './createAccessCommand.js'
import { createAccessCommand, subjectOf } from './createAccessCommand.js'

export function showCommand({ terminal, finish }: Setup): Command {
  return createAccessCommand('show', 'tell who may do what with a key')
    .addHelpText(
      'after',
      `\nCalls kms:DescribeKey, kms:GetKeyPolicy, kms:ListGrants.${examples(
        'keyward access show --key alias/treasury',
        'keyward access show --key alias/treasury --json',
      )}`,
    )
    .action(async (flags: KeyFlags) => {
      const { showAccess } = await import('./showAccess.js')
      await finish(
        await showAccess(terminal, subjectOf(terminal, flags)),
        flags,
      )
    })
}
