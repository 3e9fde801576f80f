import type { Action } from '../actions/Action.js'
import type { Policy, Rule } from '../policy/Policy.js'

type Index = {
  /**
   * Rules on calls, by contract: those that name the contract, and those that
   * name none.
   */
  readonly byContract: ReadonlyMap<string, readonly Rule[]>
  readonly others: ReadonlyMap<string, readonly Rule[]>
}

const indexes = new WeakMap<Policy, Index>()
const none: readonly Rule[] = []

/**
 * Rules that may apply to an action, in policy order. A hundred rules for a
 * hundred contracts take no longer than one.
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
  const about = (kind: string) =>
    rules.filter(({ what }) => what === undefined || what.kind === kind)
  const calls = about('call').map((rule) => [rule, contractsOf(rule)] as const)
  const those = (test: (contracts?: ReadonlySet<string>) => boolean) =>
    calls.filter(([, contracts]) => test(contracts)).map(([rule]) => rule)
  const all = new Set(calls.flatMap(([, contracts]) => [...(contracts ?? [])]))
  return {
    byContract: new Map(
      [...all].map((address) => [
        address,
        those((contracts) => contracts?.has(address) !== false),
      ]),
    ),
    others: new Map(
      kinds.map((kind) => [
        kind,
        kind === 'call'
          ? those((contracts) => contracts === undefined)
          : about(kind),
      ]),
    ),
  }
}

/** Undefined if the rule names no contract. */
const contractsOf = ({ what }: Rule): ReadonlySet<string> | undefined =>
  what?.kind === 'call' && what.to !== undefined
    ? new Set([
        ...what.to.everywhere,
        ...[...what.to.onChain].map((one) => one.split(':')[1] ?? ''),
      ])
    : undefined
