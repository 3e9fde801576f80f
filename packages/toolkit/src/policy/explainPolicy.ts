import { type Explanation, explain } from '@keyward/guard/authoring'
import type { Io } from '../Io.js'
import { type PolicyFiles, readPolicy } from './readPolicy.js'

/** What a policy allows, in plain words and as JSON. */
export async function explainPolicy(
  io: Io,
  options: PolicyFiles,
): Promise<{ explanation: Explanation; data: object }> {
  const explanation = explain((await readPolicy(io, options)).policy)
  const { rules, windows } = explanation
  const toObjects = (rows: readonly (readonly [string, string])[]) =>
    rows.map(([label, text]) => ({ label, text }))
  const data = {
    ...explanation,
    rules: rules.map(({ rows, ...rule }) => ({
      ...rule,
      rows: toObjects(rows),
    })),
    windows: toObjects(windows),
  }
  return { explanation, data }
}
