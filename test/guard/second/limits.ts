import { type Action, type Flow, zero } from './Action.js'
import type { Asked, Counted } from './Asked.js'
import type { Document, Rule, Scope } from './Document.js'
import { feesOf } from './fees.js'
import { flowsUnder } from './flowsUnder.js'

export type Decided = { action: Action; rule: Rule }
export type Reservation = {
  window: string
  scope: Partial<Record<Scope, string>>
  amount: bigint
  before: bigint
}

const highest = 10n ** 38n - 1n

/** What windows have to count; undefined where a limit refuses. */
export function checkLimits(
  policy: Document,
  asked: Asked,
  decided: readonly Decided[],
): readonly Reservation[] | undefined {
  const flows = decided.flatMap(outflows)
  for (const { action, rule } of decided) {
    const caps = Object.entries(rule.maxPerRequest ?? {})
    const counts = (rule.windows ?? []).some(
      (id) => policy.windows![id]!.asset !== 'requests',
    )
    if ((caps.length > 0 || counts) && flowsUnder(action, rule) === 'unknown')
      return undefined
    for (const [asset, limit] of caps) {
      const sum = flows
        .filter((one) => one.asset === asset)
        .reduce((so, one) => so + one.amount, 0n)
      if (sum > BigInt(limit)) return undefined
    }
  }
  const reservations = Object.keys(policy.windows ?? {}).flatMap((id) =>
    chargesOf(policy, asked, decided, id),
  )
  for (const { window, amount, before } of reservations) {
    const limit = BigInt(policy.windows![window]!.limit)
    if (amount > highest || before + amount > limit) return undefined
  }
  return reservations
}

/** Its value, and its outflows under its rule. */
function outflows({ action, rule }: Decided): readonly Flow[] {
  const flows = flowsUnder(action, rule)
  return [
    { asset: 'native', amount: action.value, recipient: action.to ?? zero },
    ...(typeof flows === 'string' ? [] : flows),
  ]
}

function chargesOf(
  policy: Document,
  asked: Asked,
  decided: readonly Decided[],
  id: string,
): Reservation[] {
  const { asset, chain, per = [] } = policy.windows![id]!
  const naming = decided.filter(({ rule }) => rule.windows?.includes(id))
  const scopeOf = (recipient: string) => ({
    ...(per.includes('caller') && { caller: asked.caller ?? '' }),
    ...(per.includes('account') && {
      account: asked.account?.toLowerCase() ?? '',
    }),
    ...(per.includes('recipient') && { recipient }),
  })
  const sums = new Map<string, { scope: Counted['scope']; amount: bigint }>()
  const add = (recipient: string, amount: bigint) => {
    const scope = scopeOf(recipient)
    const key = keyOf(scope)
    const so = sums.get(key)?.amount ?? 0n
    sums.set(key, { scope, amount: so + amount })
  }
  if (asset === 'requests') {
    if (naming.length > 0) add('', 1n)
  } else
    for (const one of naming)
      if (asset !== 'native' || one.action.chain === BigInt(chain!))
        for (const flow of outflows(one))
          if (flow.asset === asset) add(flow.recipient, flow.amount)
  const { request } = asked
  if (
    asset === 'native' &&
    request.kind === 'transaction' &&
    request.transaction.chainId === chain &&
    decided[0]!.rule.windows?.includes(id) &&
    !per.includes('recipient')
  )
    add('', feesOf(request.transaction).maxFee!)
  return [...sums.values()]
    .map(({ scope, amount }) => {
      const counted = total(asked.facts.counted, id, scope)
      return {
        window: id,
        scope,
        amount: amount > counted ? amount - counted : 0n,
        before: total(asked.facts.spent, id, scope),
      }
    })
    .filter(({ amount }) => amount > 0n)
}

function total(
  list: readonly Counted[] | undefined,
  window: string,
  scope: Counted['scope'],
): bigint {
  return (list ?? [])
    .filter((one) => one.window === window && keyOf(one.scope) === keyOf(scope))
    .reduce((so, one) => so + BigInt(one.amount), 0n)
}

export const keyOf = ({ caller, account, recipient }: Counted['scope']) =>
  JSON.stringify([caller ?? null, account ?? null, recipient ?? null])
