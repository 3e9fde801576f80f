import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../support/runCli.js'

// The guides are followed in a checkout, where `git add .` must not pick up a
// key or a policy that a guide has made.

const guides = [
  'README.md',
  ...readdirSync(join(root, 'docs'), {
    recursive: true,
    encoding: 'utf8',
  }).map((name) => join('docs', name)),
]
  .filter((name) => name.endsWith('.md'))
  .map((name) => readFileSync(join(root, name), 'utf8'))
  .join('\n')

const made = new Set(
  [
    ...guides.matchAll(
      /(?:--(?:out|backup|safe-file)|[^-\s<] >) ([\w-]+(?:\.[\w-]+)*\.(?:jsonl?|pem))\b/g,
    ),
  ].map(([, name = '']) => name),
)

/** Patterns for the checkout's own folder, in the few forms that we use. */
const patterns = readFileSync(join(root, '.gitignore'), 'utf8')
  .split('\n')
  .filter((line) => /^[*/]/.test(line) && !line.endsWith('/'))
  .map(
    (line) =>
      new RegExp(
        `^${line.replace(/^\//, '').replaceAll('.', '\\.').replaceAll('*', '.*')}$`,
      ),
  )

test('git ignores each file that a guide makes in the checkout', () => {
  expect(made.size).toBeGreaterThan(10)
  const open = [...made].filter(
    (name) => !patterns.some((pattern) => pattern.test(name)),
  )
  expect(open).toEqual([])
})
