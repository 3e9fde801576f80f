import { define } from '../../program/define.js'
import { abi, policy } from './policyInputs.js'

export const lintCommand = define('lint', {
  description: 'find what in a policy is probably not meant',
  takes: { policy, abi },
  help: `Rules that never decide, rules without limits, callers or recipients, windows
that one caller can use up, arguments that no function has, examples that were
left in. Exit 1 when there is an error; warnings are for you to judge.`,
  examples: [
    'keyward policy lint payouts.json',
    'keyward policy lint desk.json --abi router.json --json',
  ],
  run: async (terminal, options) =>
    (await import('./lintPolicy.js')).lintPolicy(terminal, options),
})
