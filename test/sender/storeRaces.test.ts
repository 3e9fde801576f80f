import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Item } from '../../packages/sender/src/ledger/Item.js'
import { openStores, type Stores, sort } from '../support/openStores.js'
import { play, type Step } from '../support/playLedger.js'
import { soak } from '../support/tools.js'

// What the simulations find on the store in memory holds on DynamoDB: the same
// random schedules of three workers get the same answers of both, and leave the
// same items.

const schedules = soak ? 10_000 : 500
const atOnce = 16

let stores: Stores
beforeAll(async () => {
  stores = await openStores()
})
afterAll(() => stores.close())

test(`${schedules} random schedules`, {
  timeout: soak ? 1_200_000 : 120_000,
}, async () => {
  const dynamo = stores.newDynamo()
  const items: Item[] = []
  const done = new Map<string, number>()
  const compare = async (seed: number) => {
    const memory = stores.newMemory()
    const expected = await play(seed, memory)
    const came = await play(seed, dynamo)
    if (!isDeepStrictEqual(came, expected))
      expect({ seed, steps: came }).toEqual({ seed, steps: expected })
    items.push(...memory.items.values())
    for (const [, name, , answer] of expected) count(done, name, answer)
  }
  const seeds = Array.from({ length: schedules }, (_, seed) => seed).values()
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const seed of seeds) await compare(seed)
    }),
  )
  const found = await stores.scan()
  expect(found.length).toBeGreaterThan(schedules * 3)
  expect(isDeepStrictEqual(found, sort(items)) || found).toEqual(
    isDeepStrictEqual(found, sort(items)) || sort(items),
  )
  if (process.env.X) console.log([...done].sort((a, b) => a[1] - b[1]))
})

/** Operations that did something, and those that were refused. */
function count(done: Map<string, number>, name: Step[1], answer: Step[3]) {
  const isDone = answer !== undefined && answer !== false
  const what = `${name}: ${answer instanceof Error ? answer.name : isDone}`
  done.set(what, (done.get(what) ?? 0) + 1)
}
