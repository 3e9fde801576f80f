import type { Charge } from '../evaluate/chargesOf.js'
import type { Policy } from '../policy/Policy.js'
import type * as Windows from '../windows/Window.js'

/**
 * The charges in the form that the windows' table counts. A token is identified
 * by chain and address there, so a different token with the same name starts at
 * 0.
 */
export function toCharges(
  { tokens }: Policy,
  charges: readonly Charge[],
): Windows.Charge[] {
  return charges.map(({ window, scope, amount }) => {
    const { id, asset, chain, length, limit } = window
    const token = tokens.get(asset)
    const counted = token === undefined ? asset : nameOf(token)
    return {
      window: { id, asset: counted, chain, length, limit },
      scope,
      amount,
    }
  })
}

function nameOf({ chain, address }: { chain: bigint; address: string }) {
  return `${chain}:${address}`
}
