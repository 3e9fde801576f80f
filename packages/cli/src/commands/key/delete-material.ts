import type { Command } from 'commander'
import { keyOption } from '../../program/keyOption.js'
import type { Json } from '../../program/Setup.js'
import { examples, type Setup } from '../../program/Setup.js'
import { createKeyCommand } from './createKeyCommand.js'

type Flags = Json & { key?: string; yes?: true }

export function deleteMaterialCommand({ terminal, finish }: Setup): Command {
  return createKeyCommand(
    'delete-material',
    'delete the imported key material of a key',
  )
    .option('-y, --yes', "don't ask before deleting it in AWS")
    .addHelpText(
      'after',
      `
The key signs no more, at once. Only the same private key, imported again,
brings it back. Calls kms:DescribeKey, kms:DeleteImportedKeyMaterial; for the
address kms:GetPublicKey or kms:ListResourceTags.${examples(
        'keyward key delete-material alias/treasury',
        'keyward key delete-material alias/treasury --yes --json',
      )}`,
    )
    .action(async (argument: string | undefined, flags: Flags) => {
      const { deleteMaterial } = await import('./deleteMaterial.js')
      const keyId = keyOption(terminal, argument ?? flags.key)
      const yes = flags.yes === true
      await finish(await deleteMaterial(terminal, { keyId, yes }), flags)
    })
}
