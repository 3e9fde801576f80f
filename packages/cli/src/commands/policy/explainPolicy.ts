import { explain } from '@keyward/guard/authoring'
import { explanationText } from '../../output/policy/explanationText.js'
import type { Result } from '../../output/Result.js'
import { styleFor, type Terminal } from '../../terminal/Terminal.js'
import { readPolicy } from './readPolicy.js'

/** A policy in plain words. */
export async function explainPolicy(
  terminal: Terminal,
  options: { policy: string; abi: readonly string[] },
): Promise<Result> {
  const { policy } = await readPolicy(terminal, options)
  const explanation = explain(policy)
  const style = styleFor(terminal.stdout, terminal.env)
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
    text: explanationText(explanation, style),
  }
}
