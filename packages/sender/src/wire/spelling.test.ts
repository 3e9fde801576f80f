import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

// The words of the wire are snake_case, and stay here: the library speaks
// camelCase.

const root = join(import.meta.dirname, '..')
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
  (name) =>
    name.endsWith('.ts') &&
    !/\.(test|test-d|bench)\.ts$/.test(name) &&
    !name.startsWith('wire/'),
)

test('no property outside of wire/ is written in snake_case', () => {
  const found = sources.flatMap((name) => {
    const text = readFileSync(join(root, name), 'utf8')
      // What is said to people names fields of events.
      .replace(/`[^`]*`|'[^'\n]*'|\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
    const names = [
      ...text.matchAll(/\b([a-z][a-z0-9]*(?:_[a-z0-9]+)+)\b['"]?\??\s*:/g),
      ...text.matchAll(/\.([a-z][a-z0-9]*(?:_[a-z0-9]+)+)\b/g),
    ].map(([, property = '']) => property)
    return names.map((property) => `${name}: ${property}`)
  })
  expect(sources.length).toBeGreaterThan(80)
  expect(found).toEqual([])
})
