import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Item } from '../../packages/sender/src/ledger/Item.js'
import { openStores, type Stores } from '../support/openStores.js'
import { play, weights } from '../support/playLedger.js'
import { sort } from '../support/sortItems.js'
import { soak } from '../support/tools.js'

// What simulations find on the store in memory holds on DynamoDB: the same
// random schedules of three workers get the same answers from both, and leave
// the same items.

const schedules = soak ? 10_000 : 70
const atOnce = 16

let stores: Stores
beforeAll(async () => {
  stores = await openStores()
})
afterAll(() => stores.close())

test(`${schedules} random schedules`, { timeout: 1_200_000 }, async () => {
  const dynamo = stores.newDynamo()
  const items: Item[] = []
  const done = new Set<string>()
  const compare = async (seed: number) => {
    const memory = stores.newMemory()
    const expected = await play(seed, memory, async (given) => {
      for (const item of given) await memory.create(item)
    })
    const came = await play(seed, dynamo, stores.write)
    if (!isDeepStrictEqual(came, expected))
      expect({ seed, steps: came }).toEqual({ seed, steps: expected })
    items.push(...memory.items.values())
    for (const { operation, answer } of expected)
      if (answer instanceof Error) throw answer
      else if (answer !== false) done.add(operation)
  }
  const seeds = Array.from({ length: schedules }, (_, seed) => seed).values()
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const seed of seeds) await compare(seed)
    }),
  )
  expect([...done].sort()).toEqual(Object.keys(weights).sort())
  const found = await stores.scan()
  const kept = sort(items)
  expect(found).toHaveLength(kept.length)
  for (const [at, item] of found.entries())
    if (!isDeepStrictEqual(item, kept[at])) expect(item).toEqual(kept[at])
})
