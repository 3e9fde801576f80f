import type { Action } from '../actions/Action.js'
import type { Policy, Rule } from '../policy/Policy.js'

type Index = {
  /**
   * Rules on calls by contract: those that name it, and those that name none.
   */
  readonly byContract: ReadonlyMap<string, readonly Rule[]>
  readonly others: ReadonlyMap<string, readonly Rule[]>
}

const indexes = new WeakMap<Policy, Index>()
const none: readonly Rule[] = []

/**
 * Rules that may apply to an action, in policy order. A hundred rules for a
 * hundred contracts cost no more than one.
 */
export function rulesFor(policy: Policy, action: Action): readonly Rule[] {
  let index = indexes.get(policy)
  if (index === undefined) {
    index = createIndex(policy)
    indexes.set(policy, index)
  }
  const byContract =
    action.kind === 'call' && action.to !== undefined
      ? index.byContract.get(action.to)
      : undefined
  return byContract ?? index.others.get(action.kind) ?? none
}

const kinds: readonly Action['kind'][] = [
  ...['payment', 'call', 'create', 'typedData'],
  ...['message', 'authorization', 'digest'],
] as Action['kind'][]

function createIndex({ rules }: Policy): Index {
  const contracts = new Set(
    rules.flatMap(({ what }) =>
      what?.kind === 'call' && what.to !== undefined
        ? [
            ...what.to.everywhere,
            ...[...what.to.onChain].map((one) => one.split(':')[1] ?? ''),
          ]
        : [],
    ),
  )
  const namesNone = ({ what }: Rule) =>
    what?.kind !== 'call' || what.to === undefined
  const isAbout = (kind: string) => (rule: Rule) =>
    rule.what === undefined || rule.what.kind === kind
  const others = kinds.map((kind) => [
    kind,
    rules.filter(
      (rule) => isAbout(kind)(rule) && (kind !== 'call' || namesNone(rule)),
    ),
  ]) as [string, Rule[]][]
  const byContract = [...contracts].map((address) => [
    address,
    rules.filter((rule) => {
      if (!isAbout('call')(rule)) return false
      if (namesNone(rule)) return true
      const { to } = rule.what as {
        to: { everywhere: ReadonlySet<string>; onChain: ReadonlySet<string> }
      }
      return (
        to.everywhere.has(address) ||
        [...to.onChain].some((one) => one.endsWith(`:${address}`))
      )
    }),
  ]) as [string, Rule[]][]
  return { byContract: new Map(byContract), others: new Map(others) }
}
