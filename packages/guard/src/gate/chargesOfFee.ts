import type { SigningRequest } from '@keyward/core'
import { type Charge, scopeOf } from '../evaluate/chargesOf.js'
import { feesOf, type Subject } from '../evaluate/Question.js'
import type { Policy } from '../policy/Policy.js'

/**
 * The charges for a cancel or filler. No rule decides on it, so its fee counts
 * in every window for the chain's own currency, regardless of the recipient.
 */
export function chargesOfFee(
  { rules, windows }: Policy,
  request: SigningRequest,
  subject: Subject,
): Charge[] {
  if (request.kind !== 'transaction') return []
  const chain = BigInt(request.transaction.chainId)
  const amount = feesOf(request)?.maxFee ?? 0n
  const isUsed = (id: string) =>
    rules.some((rule) => rule.windows.some((window) => window.id === id))
  return [...windows.values()]
    .filter(({ id, asset, per, ...window }) => {
      const isNative = asset === 'native' && window.chain === chain
      return isNative && !per.includes('recipient') && isUsed(id)
    })
    .map((window) => ({
      window,
      scope: scopeOf(window, subject, undefined),
      amount,
    }))
}
