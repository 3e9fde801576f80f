import { define } from '../../program/define.js'
import { required, text } from '../../program/Input.js'
import { parseNumber } from './parseSafe.js'
import { force, newBundle, safeInputs } from './safeInputs.js'

export const rejectCommand = define('reject', {
  description: 'propose an empty call in the place of another proposal',
  takes: {
    ...safeInputs,
    nonce: required(
      text('--nonce <n>', 'of the proposal to be rejected', parseNumber),
    ),
    out: newBundle,
    force,
  },
  help: `What is signed stays valid until the Safe's nonce moves: nobody can take a
signature back. The owners approve and execute the rejection like any other
proposal; whichever of the two is executed first is the one that counts.`,
  examples: [
    'keyward safe reject --safe-file treasury.safe.json --nonce 4 --out reject-4.json',
  ],
  run: async (terminal, options) =>
    (await import('./rejectNonce.js')).rejectNonce(terminal, options),
})
