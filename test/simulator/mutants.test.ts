import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { mutants } from './mutants.js'

const source = (file: string) =>
  new URL(`../../packages/sender/src/${file}`, import.meta.url)

test('there are forty of them, and none twice', () => {
  expect(mutants.length).toBeGreaterThanOrEqual(40)
  expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length)
})

test('what a mutant changes is there, once', () => {
  for (const { name, file, edit } of mutants) {
    if (edit === undefined || !existsSync(source(file))) continue
    const text = readFileSync(source(file), 'utf8')
    expect([name, text.split(edit.find).length - 1]).toEqual([name, 1])
  }
})
