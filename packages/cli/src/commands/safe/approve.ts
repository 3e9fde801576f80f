import { define } from '../../program/define.js'
import { text } from '../../program/Input.js'
import { keyId, yes } from '../../program/inputs.js'
import { parseFileToBe } from '../../program/parsers.js'
import { bundle, openInputs, safeInputs } from './safeInputs.js'

export const approveCommand = define('approve', {
  description: 'look at a proposal and sign it as an owner',
  takes: {
    ...safeInputs,
    in: bundle,
    keyId,
    ...openInputs,
    out: text(
      '--out <file>',
      'where to write the signed proposal (default: --in)',
      parseFileToBe,
    ),
    yes,
  },
  help: `The hash is computed from the fields, the Safe compared with what was pinned,
the call decoded to its leaves and simulated. Compare the three hashes with
those on a second screen before you say yes. --yes says it in scripts; dangers
are refused all the same, unless each is opened by its name.
Calls kms:GetPublicKey, kms:Sign.`,
  examples: [
    'keyward safe approve --safe-file treasury.safe.json --in payment.json --key alias/owner-1',
    'keyward safe approve --safe-file treasury.safe.json --in swap.json --key alias/owner-1 --open-call 0x7a25…488D',
  ],
  run: async (terminal, options) =>
    (await import('./approveProposal.js')).approveProposal(terminal, options),
})
