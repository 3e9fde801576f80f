import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { formatMutants } from './formatMutants.mjs'
import { readReport } from './readReport.mjs'

const mutant = (
  status: string,
  start: [number, number],
  end: [number, number],
  replacement = '{}',
) => ({
  status,
  mutatorName: 'BlockStatement',
  replacement,
  location: {
    start: { line: start[0], column: start[1] },
    end: { line: end[0], column: end[1] },
  },
})

test('counts changes that no test notices, and finds their reasons', () => {
  const folder = mkdtempSync(join(tmpdir(), 'keyward-mutants-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'core.json')
  const source = 'if (a)\n  b()\nelse { c || d }\n'
  const mutants = [
    mutant('Killed', [1, 5], [1, 6]),
    mutant('Timeout', [1, 5], [1, 6]),
    mutant('Ignored', [1, 5], [1, 6]),
    mutant('Survived', [1, 1], [2, 6]),
    mutant('NoCoverage', [3, 8], [3, 14], 'c\n  && d'),
  ]
  writeFileSync(
    path,
    JSON.stringify({
      ranOn: '0123abcd',
      files: { 'a.ts': { source, mutants } },
    }),
  )
  const change = 'BlockStatement: if (a) b() -> {}'
  const result = readReport(path, { 'a.ts': { [change]: 'It is slower.' } })
  const other = {
    file: 'a.ts',
    line: 3,
    change: 'BlockStatement: c || d -> c && d',
    reason: undefined,
  }
  expect(result).toEqual({
    ranOn: '0123abcd',
    killed: 2,
    count: 4,
    score: 50,
    survivors: [
      { file: 'a.ts', line: 1, change, reason: 'It is slower.' },
      other,
    ],
    unexplained: [other],
  })
  const core = { name: 'core', goal: 95, ...result }
  const page = formatMutants([core], '')
  expect(page.slice(page.indexOf('| group'))).toBe(`\
| group | changes | noticed | % | goal | not settled | ran on |
| --- | --- | --- | --- | --- | --- | --- |
| core | 4 | 2 | 50.00 | 95 | 1 | 0123abcd |

## core

| where | change | why no test notices |
| --- | --- | --- |
| a.ts:1 | \` ${change} \` | It is slower. |
| a.ts:3 | \` BlockStatement: c \\|\\| d -> c && d \` |  |
`)
  // A group without a report stays unchanged.
  const iam = { ...core, name: 'iam', survivors: [] }
  const both = formatMutants([core, iam], '')
  expect(formatMutants(['core', iam], page)).toBe(both)
  expect(formatMutants(['core', 'iam'], both)).toBe(both)
  expect(formatMutants(['core', 'iam'], page)).toBe(page)
})
