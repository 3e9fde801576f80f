import type { Hex, SigningRequest } from '@keyward/core'
import { evaluate } from '../evaluate/evaluate.js'
import type { Subject } from '../evaluate/Question.js'
import type { Policy } from '../policy/Policy.js'
import { type Charge, itemOf, nameOf } from '../windows/Window.js'
import type * as Windows from '../windows/Windows.js'
import type { Known } from './Guard.js'
import { idOf } from './idOf.js'
import { toCharges } from './toCharges.js'

/** How long functions may continue with the previous policy. */
const changeMs = 15 * 60_000
/** Maximum time between counting and signing. */
const signingMs = 5 * 60_000
/** Maximum difference between the clocks of functions and tables. */
const skewMs = 30_000
/** A rule's hours begin and end on a full minute. */
const stepMs = 60_000

/**
 * The minimum that each window must have counted for these signed requests. If a
 * nonce has several attempts, each window counts only its most expensive one.
 *
 * @param since - When the current policy came into force.
 */
export function toKnown(
  policy: Policy,
  account: Hex,
  since: number,
  signed: readonly Known[],
): Windows.Known[] {
  const byId = new Map<string, { charges: Charge[]; at: number; to: number }>()
  for (const { request, caller, at } of signed) {
    if (at < since + changeMs) continue
    const id = idOf(request, { account, digest: '0x' })
    const charges = leastOf(policy, request, { caller, account }, at)
    const before = byId.get(id) ?? { charges, at, to: at }
    byId.set(id, {
      charges: greaterOf(before.charges, charges),
      at: Math.min(before.at, at),
      to: Math.max(before.to, at),
    })
  }
  return [...byId].flatMap(([id, { charges, at, to }]) =>
    charges.map((charge) => ({
      ...{ ...charge, id },
      ...{ at: at - signingMs, latest: to + skewMs },
    })),
  )
}

/** The larger charge of each window. */
function greaterOf(one: readonly Charge[], other: readonly Charge[]): Charge[] {
  const charges = new Map(one.map((each) => [keyOf(each), each]))
  for (const charge of other) {
    const before = charges.get(keyOf(charge))
    if (before === undefined || before.amount < charge.amount)
      charges.set(keyOf(charge), charge)
  }
  return [...charges.values()]
}

/** The smaller charge of each window that both have. */
function lesserOf(one: readonly Charge[], other: readonly Charge[]): Charge[] {
  const amounts = new Map(other.map((each) => [keyOf(each), each.amount]))
  return one.flatMap((charge) => {
    const amount = amounts.get(keyOf(charge))
    if (amount === undefined) return []
    return [amount < charge.amount ? { ...charge, amount } : charge]
  })
}

/**
 * The smallest charge over all times at which the request may have been
 * decided. Which rules applied depends on that time, because rules have hours
 * and limits on deadlines.
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
  for (let time = first; time < at + skewMs; time += stepMs)
    least = lesserOf(least, chargesAt(time))
  return least
}

function keyOf({ window, scope }: Charge): string {
  return `${itemOf(window, scope)} ${nameOf(window)}`
}
