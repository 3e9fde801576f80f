import { Argument } from 'commander'
import { define } from '../../program/define.js'
import type { Input } from '../../program/Input.js'
import { force, newBundle, safeFile } from './safeInputs.js'

const files: Input<string[]> = {
  declared: new Argument('<file...>', 'copies of one proposal'),
  read: (typed) => typed as string[],
}

export const importCommand = define('import', {
  description: 'join the signatures of several copies',
  takes: { files, safeFile, out: newBundle, force },
  help: `Reads bundles of Keyward and answers of Safe's transaction service. The hash is
computed from the fields and each signature recovered: copies of two different
transactions are refused. --out may be one of the copies.`,
  examples: [
    'keyward safe import --safe-file treasury.safe.json anna.json bert.json --out payment.json',
  ],
  run: async (terminal, options) =>
    (await import('./importProposals.js')).importProposals(terminal, options),
})
