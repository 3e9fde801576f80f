import type { Hex } from '@keyward/core'
import { evaluate } from '../evaluate/evaluate.js'
import type { Policy } from '../policy/Policy.js'
import { itemOf, nameOf } from '../windows/Window.js'
import type * as Windows from '../windows/Windows.js'
import type { Known } from './Guard.js'
import { idOf } from './idOf.js'
import { toCharges } from './toCharges.js'

/** So long functions may go on with the policy before. */
const changeMs = 15 * 60_000
/** So long at most lies between counting and having the signature. */
const signingMs = 5 * 60_000
/** Clocks of functions and tables differ by less. */
const skewMs = 30_000

/**
 * What windows have to count, at least, if that was signed. Of a nonce's
 * attempts the most expensive counts.
 *
 * @param since - When the policy came that is asked.
 */
export function toKnown(
  policy: Policy,
  account: Hex,
  since: number,
  signed: readonly Known[],
): Windows.Known[] {
  const most = new Map<string, Windows.Known>()
  for (const { request, caller, at } of signed) {
    if (at < since + changeMs) continue
    const decision = evaluate(
      policy,
      request,
      { caller, account },
      { time: at },
    )
    const id = idOf(request, { account, digest: '0x' })
    for (const charge of toCharges(policy, decision.reservations)) {
      const { window, scope, amount } = charge
      const key = `${id} ${itemOf(window, scope)} ${nameOf(window)}`
      const known = most.get(key)
      most.set(key, {
        ...{ window, scope },
        amount: known && known.amount > amount ? known.amount : amount,
        at: Math.min(known?.at ?? Infinity, at - signingMs),
        latest: Math.max(known?.latest ?? 0, at + skewMs),
      })
    }
  }
  return [...most.values()]
}
