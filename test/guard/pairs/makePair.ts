import type { Action } from '../second/Action.js'
import type { Asked, Counted } from '../second/Asked.js'
import type { Document, Rule } from '../second/Document.js'
import { decide, readActions } from '../second/decide.js'
import { makeAsked } from './makeRequest.js'
import { makeRule, near, type World } from './makeRule.js'
import * as Random from './Random.js'
import { localChain, makeWorld } from './world.js'

export type Pair = { policy: Document; asked: Asked }

/** A policy and a request that it was made for. */
export function makePair(seed: number): Pair {
  const random = Random.from(seed)
  const made = { world: makeWorld(random), asked: makeAsked(random) }
  const { world, asked } = random.chance(0.25) ? moveHome(made) : made
  const actions = readActions({ ...world, rules: [] }, asked) ?? []
  const rules = makeRules(actions.slice(0, 200), asked, world, random)
  const policy: Document = { ...world, rules }
  return { policy: limit(policy, asked, random), asked }
}

/** What is on chain 1 is on the local chain instead. */
function moveHome<made>(made: made): made {
  const move = (name: string, value: unknown) =>
    /^chain(?:Id)?$/.test(name) && value === 1 ? localChain : value
  return JSON.parse(JSON.stringify(made, move)) as made
}

function makeRules(
  actions: readonly Action[],
  asked: Asked,
  world: World,
  random: Random.Random,
): Rule[] {
  const { chance, int, pick } = random
  if (actions.length === 0) return [{ id: 'none', digest: {} }]
  const groups = new Map<string, Action[]>()
  for (const action of actions) {
    // Calls beyond the first few share a rule.
    const more = groups.size > 4 ? 'more' : ''
    const key = `${action.kind} ${more || (action.signature?.text ?? '')}`
    groups.set(key, [...(groups.get(key) ?? []), action])
  }
  const rules: Rule[] = []
  for (const one of groups.values()) {
    const share = pick([0.05, 0.15, 0.3])
    rules.push(
      makeRule(
        `allow${rules.length}`,
        'allow',
        one,
        asked,
        world,
        random,
        share,
      ),
    )
  }
  for (let more = int(4); more > 0 && rules.length < 8; more--) {
    const effect = chance(0.5) ? 'allow' : 'deny'
    const one = [pick(actions)]
    const rule = makeRule(
      `more${rules.length}`,
      effect,
      one,
      asked,
      world,
      random,
      effect === 'deny' ? 0.55 : 0.3,
    )
    if (chance(0.4)) rule.mode = 'shadow'
    rules.splice(int(rules.length + 1), 0, rule)
  }
  return rules
}

/** Sets limits, and what was counted before, so that amounts are near them. */
function limit(
  policy: Document,
  asked: Asked,
  random: Random.Random,
): Document {
  const { chance, int } = random
  const { reservations } = decide(policy, asked)
  const spent: Counted[] = []
  const counted: Counted[] = []
  const windows = structuredClone(policy.windows ?? {})
  for (const { window, scope, amount } of reservations) {
    const before = chance(0.5) ? BigInt(int(1000)) : 0n
    const again = chance(0.15) ? (chance(0.5) ? amount : BigInt(int(1000))) : 0n
    if (before > 0n || again > 0n)
      spent.push(
        { window, scope, amount: `${before + again - 1n}` },
        { window, scope, amount: '1' },
      )
    if (again > 0n) counted.push({ window, scope, amount: `${again}` })
    const rest = amount > again ? amount - again : 0n
    const limit = near(before + again + rest, random)
    windows[window]!.limit =
      BigInt(limit) > 10n ** 38n - 1n ? `${10n ** 38n - 1n}` : limit
  }
  Object.assign(asked.facts, {
    ...(spent.length > 0 && { spent }),
    ...(counted.length > 0 && { counted }),
  })
  return { ...policy, windows, rules: policy.rules.map(capped) }

  function capped(rule: Rule): Rule {
    if (rule.effect === 'deny' || !chance(0.2)) return rule
    const sums = sumsOf(policy, asked)
    return {
      ...rule,
      maxPerRequest: Object.fromEntries(
        Object.keys(sums)
          .filter(() => chance(0.7))
          .map((asset) => [asset, near(sums[asset]!, random)]),
      ),
    }
  }
}

/** The highest limit that a policy can have. */
const highest = 2n ** 256n - 1n

/** Of values and built-in outflows, by asset. */
function sumsOf(policy: Document, asked: Asked): Record<string, bigint> {
  const sums: Record<string, bigint> = { native: 0n }
  for (const { value, flows } of readActions(policy, asked) ?? []) {
    sums.native! += value
    if (flows !== 'unknown')
      for (const { asset, amount } of flows)
        sums[asset] = (sums[asset] ?? 0n) + amount
  }
  for (const asset of Object.keys(sums))
    if (sums[asset]! >= highest - 1000n) sums[asset] = highest - 1000n
  return sums
}
