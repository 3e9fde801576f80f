import type { Command } from 'commander'
import { keyOption } from '../../program/keyOption.js'
import type { Json } from '../../program/Setup.js'
import { examples, type Setup } from '../../program/Setup.js'
import { createKeyCommand } from './createKeyCommand.js'

export function cancelDeletionCommand({ terminal, finish }: Setup): Command {
  return createKeyCommand(
    'cancel-deletion',
    'save a key that was to be deleted',
  )
    .addHelpText(
      'after',
      `
The key comes back disabled. Calls kms:DescribeKey, kms:CancelKeyDeletion; for
the address kms:ListResourceTags.${examples(
        'keyward key cancel-deletion 1234abcd-12ab-34cd-56ef-1234567890ab',
      )}`,
    )
    .action(
      async (argument: string | undefined, flags: { key?: string } & Json) => {
        const { cancelDeletion } = await import('./cancelDeletion.js')
        const keyId = keyOption(terminal, argument ?? flags.key)
        await finish(await cancelDeletion(terminal, { keyId }), flags)
      },
    )
}
