import { isDeepStrictEqual } from 'node:util'
import { expect, test } from 'vitest'
import { soak } from '../support/tools.js'
import { compare } from './pairs/compare.js'
import { featuresOf } from './pairs/coverage.js'
import { expected, rarer, rarest } from './pairs/expected.js'
import { makePair } from './pairs/makePair.js'

const count = soak ? 100_000 : 700
/** In soak others each day; `KEYWARD_SEED` tries one again. */
const today = soak ? Math.floor(Date.now() / 86_400_000) * 1e5 : 1
const first = Number(process.env.KEYWARD_SEED ?? today)

// docs/policy.md has two evaluators: the product's, and one that was written
// from the page alone. Where the page can be read in two ways, they differ.
test(
  'two evaluators of docs/policy.md decide alike',
  () => {
    console.log(`pairs of a policy and a request: seeds from ${first}`)
    const seen = new Map<string, number>()
    const different: number[] = []
    for (let seed = first; seed < first + count; seed++) {
      const pair = makePair(seed)
      const { product, second } = compare(pair.policy, pair.asked)
      if (!isDeepStrictEqual(product, second)) different.push(seed)
      for (const one of featuresOf(pair, second))
        seen.set(one, (seen.get(one) ?? 0) + 1)
    }
    expect(different).toEqual([])
    const lessThan = (least: number, features: readonly string[]) =>
      features.filter((one) => (seen.get(one) ?? 0) < least)
    expect(lessThan(0.3 * count, ['allow'])).toEqual([])
    expect(lessThan(count / 100, expected)).toEqual([])
    expect(lessThan(count / 1000, rarer)).toEqual([])
    if (soak) expect(lessThan(count / 10_000, rarest)).toEqual([])
  },
  soak ? 1_200_000 : 120_000,
)
