import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../../scripts/setup/root.mjs'

const read = (name: string) => readFileSync(join(root, name), 'utf8')
const packages = readdirSync(join(root, 'packages')).sort()

/** First and last cell of the rows about packages. */
const rows = (text: string) =>
  [...text.matchAll(/^\| \[?`?packages\/([a-z]+).*\| (.*) \|$/gm)].map(
    ([, name = '', last = '']) => [name, last] as const,
  )

test('the README names every package', () => {
  expect(
    rows(read('README.md'))
      .map(([name]) => name)
      .sort(),
  ).toEqual(packages)
})

test('the rooms of the architecture are those of the walls', () => {
  const { forbidden } = createRequire(import.meta.url)(
    join(root, '.dependency-cruiser.cjs'),
  ) as {
    forbidden: { name: string; to: { pathNot?: string[] } }[]
  }
  const walls = forbidden.flatMap(({ name, to }) => {
    const folder = /^([a-z]+)-imports-only-its-own$/.exec(name)?.[1]
    if (folder === undefined) return []
    const others = (to.pathNot ?? [])
      .map((path) => /^\^packages\/([a-z]+)/.exec(path)?.[1])
      .filter((other) => other !== folder)
    return [[folder, others.join(', ') || 'nothing'] as const]
  })
  expect(rows(read('docs/architecture.md')).sort()).toEqual(walls.sort())
  expect(walls.map(([name]) => name).sort()).toEqual(packages)
})

test('every package has a page of its own', () => {
  for (const name of packages)
    expect(read(`packages/${name}/README.md`)).toMatch(/^# (@keyward\/)?[a-z]+/)
})
