import type { Hex, SigningRequest } from '@keyward/core'
import { evaluate } from '../evaluate/evaluate.js'
import type { Subject } from '../evaluate/Question.js'
import type { Policy } from '../policy/Policy.js'
import { type Charge, itemOf, nameOf } from '../windows/Window.js'
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
/** Hours begin and end with a minute. */
const stepMs = 60_000

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
    const id = idOf(request, { account, digest: '0x' })
    const subject = { caller, account }
    for (const charge of leastOf(policy, request, subject, at)) {
      const { window, scope, amount } = charge
      const key = `${id} ${keyOf(charge)}`
      const known = most.get(key)
      most.set(key, {
        ...{ id, window, scope },
        amount: known && known.amount > amount ? known.amount : amount,
        at: Math.min(known?.at ?? Infinity, at - signingMs),
        latest: Math.max(known?.latest ?? 0, at + skewMs),
      })
    }
  }
  return [...most.values()]
}

/**
 * What it takes whenever it was decided: at another time, other rules may have
 * had their hours, and other deadlines been near.
 */
function leastOf(
  policy: Policy,
  request: SigningRequest,
  subject: Subject,
  at: number,
): Charge[] {
  const first = at - signingMs
  const chargesAt = (time: number) =>
    toCharges(policy, evaluate(policy, request, subject, { time }).reservations)
  let least = chargesAt(at + skewMs)
  for (let time = first; time < at + skewMs; time += stepMs) {
    const amounts = new Map(
      chargesAt(time).map((charge) => [keyOf(charge), charge.amount]),
    )
    least = least.flatMap((charge) => {
      const amount = amounts.get(keyOf(charge))
      if (amount === undefined) return []
      return [amount < charge.amount ? { ...charge, amount } : charge]
    })
  }
  return least
}

function keyOf({ window, scope }: Charge): string {
  return `${itemOf(window, scope)} ${nameOf(window)}`
}
