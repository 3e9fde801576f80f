import type { Document, Ratio } from './Document.js'
import { all, type Truth, truth } from './Truth.js'
import { at, type Value } from './Value.js'

/** (of / 10^decimals) / (to / 10^decimals) is within its bounds, exactly. */
export function judgeRatios(
  args: Value | undefined,
  ratios: readonly Ratio[],
  policy: Document,
): Truth {
  return all(ratios.map((one) => judgeRatio(args, one, policy)))
}

function judgeRatio(
  args: Value | undefined,
  ratio: Ratio,
  policy: Document,
): Truth {
  const of = at(args, ratio.of)
  const to = at(args, ratio.to)
  if (of?.is !== 'number' || of.signed) return 'unknown'
  if (to?.is !== 'number' || to.signed) return 'unknown'
  if (to.number === 0n) return 'fails'
  const scale = (asset: string) =>
    10n **
    BigInt(asset === 'native' ? 18 : (policy.tokens?.[asset]?.decimals ?? 0))
  // of/a : to/b compared with bound: of*b compared with bound*to*a.
  const left = of.number * scale(ratio.toAsset)
  const right = to.number * scale(ratio.ofAsset)
  const bound = (given: string) => {
    const [whole, fraction = ''] = given.split('.')
    return [BigInt(whole + fraction), 10n ** BigInt(fraction.length)] as const
  }
  const truths: Truth[] = []
  if (ratio.atLeast !== undefined) {
    const [over, under] = bound(ratio.atLeast)
    truths.push(truth(left * under >= over * right))
  }
  if (ratio.atMost !== undefined) {
    const [over, under] = bound(ratio.atMost)
    truths.push(truth(left * under <= over * right))
  }
  return all(truths)
}
