import { createRequire } from 'node:module'
import { groups } from './groups.mjs'

const name = process.env.KEYWARD_MUTATION_GROUP ?? ''
const group = groups[name]
if (group === undefined)
  throw new Error(`KEYWARD_MUTATION_GROUP is one of ${Object.keys(groups)}.`)
const { resolve } = createRequire(import.meta.url)

// Stryker's options; it is run by scripts/mutation.mjs.
export default {
  testRunner: 'vitest',
  plugins: [
    resolve('@stryker-mutator/vitest-runner'),
    resolve('./ignoreTexts.mjs'),
  ],
  vitest: { configFile: 'test/mutation/vitest.config.mjs', related: false },
  mutate: [...group.mutate, '!**/*.test.ts'],
  ignorers: ['texts'],
  ignorePatterns: [
    'bench',
    'docs',
    'scripts',
    'dist',
    'cdk.out',
    '.keyward-mutation',
  ],
  ignoreStatic: true,
  coverageAnalysis: 'perTest',
  concurrency: 2,
  incrementalFile: `.keyward-mutation/${name}.incremental.json`,
  timeoutMS: 10_000,
  disableTypeChecks: false,
  tempDirName: `.keyward-mutation/${name}`,
  reporters: ['json', 'progress-append-only'],
  jsonReporter: { fileName: `.keyward-mutation/${name}.json` },
  allowConsoleColors: false,
}
