import { describe, expect, test } from 'vitest'
import { soak, without } from '../support/tools.js'
import { check, fullBounds, slices } from './slices.js'
import { writes } from './writes.js'

const minutes = 60_000

const left = without('spin') || without('gcc')
if (left)
  console.error(
    '\n*** The model of the ledger was NOT run: spin or gcc was left out. ***\n',
  )

const conditions = writes.flatMap(({ function: name, conditions }) =>
  conditions.map((one) => ({ ...one, name: `${name}: ${one.condition}` })),
)
const needed = conditions.filter((one) => one.slice !== null)
const spare = conditions.filter(
  (one) => one.slice === null && one.without !== undefined,
)
/** The one with the fewest states; the others have many times as many. */
const quick = slices.filter((slice) => soak || slice === 'cancelled-request')
/** That the model finds faults; soak has all of them. */
const always = ['NO_ATTEMPT']

describe.skipIf(left)('the ledger, in every order of its writes', () => {
  test.each(quick)('%s holds', { timeout: 5 * minutes }, async (slice) => {
    const { violated, states } = await check(slice)
    expect(violated).toBeUndefined()
    expect(states).toBeGreaterThan(1000)
  })

  test.each(needed.filter((one) => soak || always.includes(one.without)))(
    '$slice fails without $name',
    { timeout: 5 * minutes },
    async ({ slice, without, bounds = {} }) => {
      const { violated } = await check(slice, { without, bounds })
      expect(violated).toMatch(/^assertion violated/)
    },
  )
})

describe.skipIf(left || !soak)('the ledger, at its full bounds', () => {
  test.each(slices)('%s holds', { timeout: 30 * minutes }, async (slice) => {
    const bounds = fullBounds[slice]
    const { violated, states } = await check(slice, { bounds })
    console.log(`${slice}: ${states} states`)
    expect(violated).toBeUndefined()
  })

  test.each(spare)(
    'every slice holds without $name',
    { timeout: 30 * minutes },
    async ({ without }) => {
      for (const slice of slices)
        expect([slice, await check(slice, { without: without ?? '' })]).toEqual(
          [slice, { violated: undefined, states: expect.any(Number) }],
        )
    },
  )
})
