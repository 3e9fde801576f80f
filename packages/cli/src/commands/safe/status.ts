import { define } from '../../program/define.js'
import { list } from '../../program/Input.js'
import { safeInputs } from './safeInputs.js'

export const statusCommand = define('status', {
  description: 'show a Safe, its pins, and how far proposals are',
  takes: {
    ...safeInputs,
    in: list('--in <file...>', 'proposals to look at'),
  },
  help: `Exit 1 when the Safe is not what was pinned. Signs nothing and calls no AWS.`,
  examples: [
    'keyward safe status --safe-file treasury.safe.json',
    'keyward safe status --safe-file treasury.safe.json --in payment.json reject-4.json',
  ],
  run: async (terminal, options) =>
    (await import('./showSafe.js')).showSafe(terminal, options),
})
