import { define } from '../../program/define.js'
import { styleFor } from '../../terminal/Terminal.js'
import { abi, policy } from './policyInputs.js'

export const explainCommand = define('explain', {
  description: 'say in plain words what a policy allows',
  takes: { policy, abi },
  help: 'Who may do what, within which limits, and what no rule allows.',
  examples: ['keyward policy explain payouts.json'],
  async run(terminal, options) {
    const { readPolicy } = await import('@keyward/toolkit/policy')
    const { explain } = await import('@keyward/guard/authoring')
    const { explanationText } = await import(
      '../../output/policy/explanationText.js'
    )
    const explanation = explain((await readPolicy(terminal, options)).policy)
    const { rules, windows } = explanation
    const toObjects = (rows: readonly (readonly [string, string])[]) =>
      rows.map(([label, text]) => ({ label, text }))
    return {
      data: {
        ...explanation,
        rules: rules.map(({ rows, ...rule }) => ({
          ...rule,
          rows: toObjects(rows),
        })),
        windows: toObjects(windows),
      },
      text: explanationText(
        explanation,
        styleFor(terminal.stdout, terminal.env),
      ),
    }
  },
})
