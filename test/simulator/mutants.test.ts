import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { soak } from '../support/tools.js'
import { mutants } from './mutants.js'
import { runWorkers } from './runWorkers.js'

const source = (file: string) =>
  new URL(`../../packages/sender/src/${file}`, import.meta.url)

test('there are forty of them, and none twice', () => {
  expect(mutants.length).toBeGreaterThanOrEqual(40)
  expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length)
})

test('what a mutant changes is there, once', () => {
  for (const { name, file, function: within, edit } of mutants) {
    const text = readFileSync(source(file), 'utf8')
    expect([name, text.split(edit.find).length - 1]).toEqual([name, 1])
    expect([name, text.includes(within)]).toEqual([name, true])
  }
})

/** One that pays twice, and one that stands still. */
const always = ['store: another claim', 'never fills a gap']

describe('a mutant breaks a promise', () => {
  const chosen = mutants.filter(({ name }) => soak || always.includes(name))
  test.each(chosen)('$name', async ({ file, edit, seed }) => {
    const tally = await runWorkers({
      ...{ from: seed, howMany: 1, workers: 1 },
      edit: { file: `packages/sender/src/${file}`, ...edit },
    })
    expect(tally.violations).toHaveLength(1)
  })

  test('and the sender as it is does not', async () => {
    for (const { seed } of chosen.slice(0, soak ? 100 : 1)) {
      const tally = await runWorkers({ from: seed, howMany: 1, workers: 1 })
      expect(tally.violations).toEqual([])
    }
  })
})
