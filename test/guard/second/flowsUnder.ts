import type { Action, Flow } from './Action.js'
import type { Rule } from './Document.js'
import { at } from './Value.js'

/** The outflows of an action under a rule. */
export function flowsUnder(
  action: Action,
  rule: Rule,
): readonly Flow[] | 'unknown' | 'unsaid' {
  const spends = rule.call?.spends ?? rule.typedData?.spends
  if (spends === undefined)
    return action.flows === 'unknown' ? 'unsaid' : action.flows
  if (spends === 'unknown') return 'unknown'
  const said: Flow[] = []
  for (const { asset, amount, recipient } of spends) {
    const number = at(action.args, amount)
    const to =
      recipient === undefined
        ? action.to
        : addressOf(at(action.args, recipient))
    if (number?.is !== 'number' || number.signed || to === undefined)
      return 'unsaid'
    said.push({ asset, amount: number.number, recipient: to })
  }
  return action.flows === 'unknown' ? said : [...action.flows, ...said]
}

const addressOf = (value: ReturnType<typeof at>) =>
  value?.is === 'address' ? value.address : undefined
