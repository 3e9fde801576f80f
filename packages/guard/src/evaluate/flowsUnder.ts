import type { Hex } from '@keyward/core'
import type { Action, Flow } from '../actions/Action.js'
import type { Rule, Spend } from '../policy/Policy.js'
import { findArgument } from './holds.js'

/**
 * The flows of an action besides its value: the built-in flows, plus those that
 * the rule declares.
 *
 * @returns `unsaid` if neither describes it, or if the rule's arguments are
 * missing; `unknown` if the rule declares the flows as unknown
 */
export function flowsUnder(
  rule: Rule,
  action: Action,
): readonly Flow[] | 'unknown' | 'unsaid' {
  const { what } = rule
  const spends =
    what?.kind === 'call' || what?.kind === 'typedData'
      ? what.spends
      : undefined
  if (action.flows === 'unknown' && spends === undefined) return 'unsaid'
  if (spends === 'unknown') return 'unknown'
  const own = action.flows === 'unknown' ? [] : action.flows
  const said = (spends ?? []).map((spend) => toFlow(spend, action))
  return said.includes(undefined) ? 'unsaid' : [...own, ...(said as Flow[])]
}

function toFlow(
  { asset, amount, recipient }: Spend,
  { decoded, to }: Action,
): Flow | undefined {
  if (decoded === undefined) return undefined
  const spent = findArgument(decoded, amount)
  const receiver =
    recipient === undefined ? to : findArgument(decoded, recipient)
  if (spent?.type.kind !== 'uint' || receiver === undefined) return undefined
  if (typeof receiver !== 'string' && receiver.type.kind !== 'address')
    return undefined
  return {
    asset,
    amount: spent.value as bigint,
    recipient: (typeof receiver === 'string'
      ? receiver
      : receiver.value) as Hex,
  }
}
