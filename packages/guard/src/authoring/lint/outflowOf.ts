import type { Signature } from '../../abi/Signature.js'
import { builtInFlow } from '../../actions/flowsOf.js'
import { permit2 } from '../../calls/permit2.js'
import type { Policy, Rule, Token } from '../../policy/Policy.js'

/** A contract that a rule on calls names. */
export type Target = {
  readonly token: Token | undefined
  readonly at: Parameters<typeof builtInFlow>[1]
}

/** The contracts of a rule on calls; empty for other rules. */
export function targetsOf(
  { tokens }: Policy,
  { what, chains }: Rule,
): Target[] {
  if (what?.kind !== 'call') return []
  const all = [...tokens.values()]
  if (what.to === undefined)
    return [
      ...all
        .filter(({ chain }) => chains?.includes(chain) !== false)
        .map((token): Target => ({ token, at: token.kind })),
      ...[{ token: undefined, at: 'permit2' } as const],
      ...[{ token: undefined, at: undefined }],
    ]
  const { everywhere, onChain } = what.to
  const named = all.filter(
    ({ address, chain }) =>
      onChain.has(`${chain}:${address}`) ||
      (everywhere.has(address) && chains?.includes(chain) !== false),
  )
  const others = [...everywhere].filter(
    (address) => !named.some((token) => token.address === address),
  )
  return [
    ...named.map((token): Target => ({ token, at: token.kind })),
    ...others.map(
      (address): Target => ({
        token: undefined,
        at: address === permit2 ? 'permit2' : undefined,
      }),
    ),
  ]
}

/** The built-in outflow of a function at one of the contracts. */
export function flowAt(
  functions: readonly Signature[],
  target: Target,
): 'some' | 'nothing' | 'unknown' {
  const flows = functions.map((one) => builtInFlow(one, target.at))
  return flows.includes('some')
    ? 'some'
    : flows.includes('nothing')
      ? 'nothing'
      : 'unknown'
}

/** Kinds of typed data that move nothing by themselves. */
const movesNothing = ['SafeTx', 'SafeMessage']

/** Whether a rule applies to transactions, which have a value and a fee. */
export const isTransaction = ({ what }: Rule): boolean =>
  what?.kind === 'payment' || what?.kind === 'call' || what?.kind === 'create'

/** The assets that a rule can give away. */
export type Assets = {
  /** `native`, and ids of tokens. */
  readonly named: ReadonlySet<string>
  /**
   * Whether the rule can give away other assets, which its windows can't name.
   */
  readonly others: boolean
}

export function assetsOf(policy: Policy, rule: Rule): Assets {
  const { what, maxPerRequest } = rule
  const named = new Set<string>()
  if (isTransaction(rule) && maxPerRequest.get('native') !== 0n)
    named.add('native')
  if (what?.kind !== 'call' && what?.kind !== 'typedData')
    return { named, others: false }
  if (Array.isArray(what.spends))
    for (const { asset } of what.spends) named.add(asset)
  if (what.kind === 'typedData') {
    const others =
      what.spends === undefined &&
      what.kinds?.some((kind) => movesItself(policy, kind)) === true
    return { named, others }
  }
  const targets = targetsOf(policy, rule)
  for (const target of targets)
    if (
      target.token !== undefined &&
      (what.functions === undefined ||
        flowAt(what.functions, target) === 'some')
    )
      named.add(target.token.id)
  return { named, others: targets.some(({ at }) => at === 'permit2') }
}

const movesItself = ({ types }: Policy, kind: string) =>
  !movesNothing.includes(kind) && !types.has(kind)

/** Whether all outflows of a rule are known. */
export function isTold(policy: Policy, rule: Rule): boolean {
  const { what } = rule
  if (what?.kind !== 'call' && what?.kind !== 'typedData') return true
  if (what.spends !== undefined) return what.spends !== 'unknown'
  if (what.kind === 'typedData')
    return what.kinds?.some((kind) => policy.types.has(kind)) !== true
  return !flowsOf(policy, rule, what.functions).includes('unknown')
}

/** The built-in flow at each contract of a rule on calls. */
function flowsOf(
  policy: Policy,
  rule: Rule,
  functions: readonly Signature[] | undefined,
): ReturnType<typeof flowAt>[] {
  return targetsOf(policy, rule).map((target) => {
    if (functions !== undefined) return flowAt(functions, target)
    return target.at === undefined ? 'unknown' : 'some'
  })
}

/**
 * The reach of a rule's `recipients`: everything the rule moves, only the named
 * tokens, or nothing.
 */
export function reachOf(policy: Policy, rule: Rule): 'all' | 'named' | 'none' {
  const { what } = rule
  if (what === undefined || what.kind === 'payment') return 'all'
  if (what.kind !== 'call' && what.kind !== 'typedData') return 'none'
  const { spends } = what
  // Undeclared and unknown outflows never match a list.
  if (spends === 'unknown' || (Array.isArray(spends) && spends.length > 0))
    return 'all'
  if (what.kind === 'typedData') {
    const isAll = what.kinds?.every(
      (kind) =>
        movesNothing.includes(kind) ||
        (policy.types.has(kind) && spends !== undefined),
    )
    return isAll === true ? 'none' : 'all'
  }
  const flows = flowsOf(policy, rule, what.functions)
  if (!flows.includes('some'))
    return spends === undefined && flows.includes('unknown') ? 'all' : 'none'
  return what.to === undefined && spends !== undefined ? 'named' : 'all'
}
