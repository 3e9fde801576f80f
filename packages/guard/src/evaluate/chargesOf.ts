import type { Hex } from '@keyward/core'
import type { Action, Flow } from '../actions/Action.js'
import type { Rule, Window } from '../policy/Policy.js'
import { flowsUnder } from './flowsUnder.js'
import type { Fees, Subject, WindowScope } from './Question.js'

/** An action and the rule that allows it. */
export type Decided = { readonly action: Action; readonly rule: Rule }

/** An amount that a window must count for a request. */
export type Charge = {
  readonly window: Window
  readonly scope: WindowScope
  /** In the asset's smallest unit, or a number of requests. */
  readonly amount: bigint
}

/** The assets that an action sends: its value and its flows. */
export function outflowsOf({ action, rule }: Decided): readonly Flow[] {
  const flows = flowsUnder(rule, action)
  const known = typeof flows === 'string' ? [] : flows
  const { value, to } = action
  return value > 0n
    ? [{ asset: 'native', amount: value, recipient: to ?? creation }, ...known]
    : known
}

/** The recipient of the value sent to a newly created contract. */
const creation: Hex = `0x${'00'.repeat(20)}`

/**
 * The amounts that each window of the deciding rules counts: the outflows of
 * the actions that its rule allows and, for the request itself, the fee.
 */
export function chargesOf(
  decided: readonly Decided[],
  fees: Fees | undefined,
  subject: Subject,
): Charge[] {
  const charges = new Map<string, Charge>()
  const add = (window: Window, amount: bigint, recipient?: Hex) => {
    const scope = scopeOf(window, subject, recipient)
    const key = [window.id, scope.caller, scope.account, scope.recipient].join()
    const before = charges.get(key)?.amount ?? 0n
    charges.set(key, { window, scope, amount: before + amount })
  }
  const counted = new Set<Window>()
  for (const one of decided) {
    const { action, rule } = one
    for (const window of rule.windows) {
      if (window.asset === 'requests') {
        if (!counted.has(window)) add(window, 1n)
        counted.add(window)
        continue
      }
      if (window.asset === 'native' && window.chain !== action.chain) continue
      for (const { asset, amount, recipient } of outflowsOf(one))
        if (asset === window.asset) add(window, amount, recipient)
      const hasFee = action.path === '' && window.asset === 'native'
      if (hasFee && fees !== undefined && !window.per.includes('recipient'))
        add(window, fees.maxFee)
    }
  }
  return [...charges.values()]
}

export function scopeOf(
  { per }: Window,
  { caller, account }: Subject,
  recipient: Hex | undefined,
): WindowScope {
  return {
    ...(per.includes('caller') && { caller: caller ?? '' }),
    ...(per.includes('account') && {
      account: (account?.toLowerCase() ?? '') as Hex,
    }),
    ...(per.includes('recipient') && { recipient }),
  }
}
