import { define } from '../../program/define.js'
import { abi, policy } from './policyInputs.js'

export const explainCommand = define('explain', {
  description: 'explain in plain words what a policy allows',
  takes: { policy, abi },
  help: 'Shows who may do what, within which limits, and what no rule allows.',
  examples: ['keyward policy explain payouts.json'],
  async run(terminal, options) {
    const { explainPolicy } = await import('@keyward/toolkit/policy')
    const { explanation, data } = await explainPolicy(terminal, options)
    const { explanationText } = await import(
      '../../output/policy/explanationText.js'
    )
    return { data, text: explanationText(explanation, terminal.stdout.style) }
  },
})
