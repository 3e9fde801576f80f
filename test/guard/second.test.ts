import { isDeepStrictEqual } from 'node:util'
import { expect, test } from 'vitest'
import { soak } from '../support/tools.js'
import { compare } from './pairs/compare.js'
import { featuresOf } from './pairs/coverage.js'
import { expected } from './pairs/expected.js'
import { makePair } from './pairs/makePair.js'

const count = soak ? 100_000 : 3000
/** Another one each day, so that all of them are tried in time. */
const first =
  Number(process.env.KEYWARD_SEED) || Math.floor(Date.now() / 86_400_000) * 1e5

// docs/policy.md has two evaluators: the product's, and one that was written
// from the page alone. Where the page can be read in two ways, they differ.
test(
  'two evaluators of docs/policy.md decide alike',
  () => {
    console.log(`pairs ${first} to ${first + count - 1}`)
    const seen = new Map<string, number>()
    const different: number[] = []
    for (let seed = first; seed < first + count; seed++) {
      const pair = makePair(seed)
      const { product, second } = compare(pair.policy, pair.asked)
      if (!isDeepStrictEqual(product, second)) different.push(seed)
      for (const one of featuresOf(pair, second))
        seen.set(one, (seen.get(one) ?? 0) + 1)
    }
    expect(different, 'run with KEYWARD_SEED=<seed>').toEqual([])
    expect(seen.get('allow')).toBeGreaterThan(0.3 * count)
    const rare = expected.filter((one) => (seen.get(one) ?? 0) < count / 100)
    expect(rare).toEqual([])
  },
  soak ? 1_200_000 : 120_000,
)
