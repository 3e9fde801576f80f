import { define } from '../../program/define.js'
import { text, toggle } from '../../program/Input.js'
import { parseFileToBe } from '../../program/parsers.js'
import { bundle, force, safeFile } from './safeInputs.js'

export const exportCommand = define('export', {
  description: "print a proposal for Safe's own tools",
  takes: {
    safeFile,
    in: bundle,
    calldata: toggle(
      '--calldata',
      'the packed signatures and the calldata of execTransaction',
    ),
    out: text(
      '--out <file>',
      'write it to a file (default: standard output)',
      parseFileToBe,
    ),
    force,
  },
  help: `Checks the hash and each signature first. With --calldata, anybody who has the
output can execute it: that is what the owners signed it for.`,
  examples: [
    'keyward safe export --safe-file treasury.safe.json --in payment.json',
    'keyward safe export --safe-file treasury.safe.json --in payment.json --calldata',
  ],
  run: async (terminal, options) =>
    (await import('./exportProposal.js')).exportProposal(terminal, options),
})
