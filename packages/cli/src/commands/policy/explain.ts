import { define } from '../../program/define.js'
import { abi, policy } from './policyInputs.js'

export const explainCommand = define('explain', {
  description: 'say in plain words what a policy allows',
  takes: { policy, abi },
  help: 'Who may do what, within which limits, and what no rule allows.',
  examples: ['keyward policy explain payouts.json'],
  run: async (terminal, options) =>
    (await import('./explainPolicy.js')).explainPolicy(terminal, options),
})
