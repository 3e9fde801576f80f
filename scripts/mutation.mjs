// npm run test:mutation -- [--incremental] [group]... Changes the code of each
// group, one change at a time, and checks whether a fast test notices. It fails
// if a group is below its goal, or if an unnoticed change has no reason in
// test/mutation/reasons.json. It writes bench/mutants.md from each group's last
// report, with the commit that the report is for. --incremental tries only
// changes since the last run. Use it for work on one file, because it doesn't
// see code that tests share.
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { groups } from '../test/mutation/groups.mjs'
import { readGroup, reportOf, writePage } from './mutation/writePage.mjs'
import { root } from './setup/root.mjs'
import { provideStryker, stryker } from './setup/stryker.mjs'

const all = Object.keys(groups)
const argv = process.argv.slice(2)
const isFlag = (/** @type {string} */ argument) => argument === '--incremental'
const flags = argv.filter(isFlag)
const asked = argv.filter((argument) => !isFlag(argument))
const names = asked.length > 0 ? asked : all
const unknown = names.find((name) => !all.includes(name))
if (unknown !== undefined) {
  console.error(`${unknown} is not a group. The groups are ${all.join(', ')}.`)
  process.exit(1)
}

await provideStryker()
names.forEach(runGroup)
const results = names.map(readGroup)
for (const { name, goal, score, unexplained } of results) {
  const verdict = score >= goal ? 'met' : 'MISSED'
  console.log(`${name}: ${score.toFixed(2)} %, goal ${goal} %: ${verdict}`)
  for (const { file, line, change } of unexplained)
    console.log(`  no test and no reason: ${file}:${line} ${change}`)
}
writePage()
const isPassed = results.every(
  ({ score, goal, unexplained }) => score >= goal && unexplained.length === 0,
)
process.exitCode = isPassed ? 0 : 1

/** @param {string} name */
function runGroup(name) {
  console.log(`\n== ${name}: several minutes`)
  const describe = ['describe', '--always', '--dirty', '--exclude=*']
  const git = execFileSync('git', describe, { cwd: root, encoding: 'utf8' })
  const ranOn = git.trim()
  const child = spawnSync(
    process.execPath,
    [stryker.command, 'run', stryker.config, ...flags],
    {
      cwd: root,
      env: { ...process.env, KEYWARD_MUTATION_GROUP: name },
      stdio: 'inherit',
    },
  )
  if (child.status !== 0) throw new Error(`Stryker failed on ${name}.`)
  const report = JSON.parse(readFileSync(reportOf(name), 'utf8'))
  writeFileSync(reportOf(name), JSON.stringify({ ...report, ranOn }))
}
