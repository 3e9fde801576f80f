import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { writes } from './writes.js'

// The model follows the code only as long as its comments name what is there.

const folder = fileURLToPath(new URL('.', import.meta.url))
const sources = join(folder, '../../packages/sender/src')

const models = readdirSync(folder)
  .filter((name) => name.endsWith('.pml'))
  .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }))

test('each condition that can be dropped is in the model', () => {
  const switches = (text: string) =>
    [...text.matchAll(/(?:ifn?def |defined\()(NO_\w+)/g)].map(([, one]) => one)
  const inModel = new Set(models.flatMap(({ text }) => switches(text)))
  const named = new Set(
    writes.flatMap(({ conditions }) =>
      conditions.flatMap((one) => one.without ?? []),
    ),
  )
  // Checks of the reconciler that are not conditions of a write.
  const others = ['NO_ADOPT', 'NO_PROOF', 'NO_SECOND_LOOK']
  expect([...inModel].sort()).toEqual([...named, ...others].sort())
})

const steps = [
  ...models.flatMap(({ text }) =>
    [...text.matchAll(/\b(\w+\/\w+\.ts) (\w+)/g)].map(([, file, name]) =>
      [file, name].join(' '),
    ),
  ),
  ...writes.map(({ file, function: name }) => `${file} ${name}`),
]

test.each([...new Set(steps)].sort())('%s is in the sources', (step) => {
  const [file = '', name] = step.split(' ')
  const path = join(sources, file)
  expect(existsSync(path), path).toBe(true)
  expect(readFileSync(path, 'utf8')).toMatch(
    new RegExp(`(?:function |async |\\b)${name}\\s*[(:<=]`),
  )
})
