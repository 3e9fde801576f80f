import type { Command } from 'commander'
import { keyOption } from '../../program/keyOption.js'
import type { Json } from '../../program/Setup.js'
import { examples, type Setup } from '../../program/Setup.js'
import { createImportCommand } from './createImportCommand.js'
import type { ImportFlags } from './importKey.js'

export function reimportCommand({ terminal, finish }: Setup): Command {
  return createImportCommand(
    'reimport',
    'import the same key again, after deletion or expiry',
  )
    .addHelpText(
      'after',
      `
A KMS key takes only the key material that it got first. With --valid-to it
gets a new expiry, without it none.
Calls what key import calls.${examples(
        'keyward key reimport --in backup.json --key alias/treasury',
        'keyward key reimport --in key.pem --key alias/treasury --valid-to 2027-06-30',
      )}`,
    )
    .action(async (flags: ImportFlags & { key?: string } & Json) => {
      const { reimportKey } = await import('./reimportKey.js')
      const keyId = keyOption(terminal, flags.key)
      await finish(await reimportKey(terminal, flags, keyId), flags)
    })
}
