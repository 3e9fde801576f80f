import type { Signature } from '../../abi/Signature.js'
import { builtInFlow, permit2 } from '../../actions/flowsOf.js'
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

/** What a function moves at one of the contracts, as far as it is built in. */
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

/** Assets that a rule can give away; `any` if its windows can't tell. */
export function assetsOf(policy: Policy, rule: Rule): ReadonlySet<string> {
  const { what, maxPerRequest } = rule
  const assets = new Set<string>()
  const isValueless = maxPerRequest.get('native') === 0n
  if (what?.kind === 'payment' && !isValueless) assets.add('native')
  if (what?.kind === 'create' && !isValueless) assets.add('native')
  if (what?.kind !== 'call' && what?.kind !== 'typedData') return assets
  if (Array.isArray(what.spends))
    for (const { asset } of what.spends) assets.add(asset)
  if (what.kind === 'call') {
    for (const target of targetsOf(policy, rule))
      if (
        target.token !== undefined &&
        (what.functions === undefined ||
          flowAt(what.functions, target) === 'some')
      )
        assets.add(target.token.id)
    const isPermit2 = targetsOf(policy, rule).some(({ at }) => at === 'permit2')
    if (isPermit2) assets.add('any')
  } else if (
    what.spends === undefined &&
    what.kinds?.some(
      (kind) => !movesNothing.includes(kind) && !policy.types.has(kind),
    )
  )
    assets.add('any')
  return assets
}
