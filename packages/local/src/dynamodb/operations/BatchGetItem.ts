import { membersOf } from '../actions.js'
import type { Operation } from '../DynamoContext.js'
import type { Json } from '../Json.js'

export const BatchGetItem: Operation = {
  members: membersOf('BatchGetItem'),
  isCheckedByEngine: true,
  async run({ engine }, input) {
    const output = await engine.call('BatchGetItem', input)
    const asked = input.RequestItems as Record<string, Json>
    const left = output.UnprocessedKeys as Record<string, Json>
    // Restores the requested form, because dynalite leaves out the expressions.
    const UnprocessedKeys = Object.fromEntries(
      Object.entries(left).map(([name, { Keys }]) => [
        name,
        { ...asked[name], Keys },
      ]),
    )
    return { ...output, UnprocessedKeys }
  },
}
