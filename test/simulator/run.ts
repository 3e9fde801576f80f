import { parseArgs } from 'node:util'
import * as Branches from './Branches.js'
import { print } from './coverage.js'
import { createSchedule } from './createSchedule.js'
import { mutants } from './mutants.js'
import { runSchedule } from './runSchedule.js'
import { runWorkers } from './runWorkers.js'
import { product } from './underTest.js'

// Replays one seed with its trace, or runs many and tells what they came to:
//   npx tsx --conditions=@keyward/source test/simulator/run.ts --seed 7
//   npx tsx --conditions=@keyward/source test/simulator/run.ts --count 10000
// With --mutant NAME it runs that mutant until a promise is broken; with
// --branches it tells which branches of the sender no schedule took.
const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    count: { type: 'string', default: '1000' },
    from: { type: 'string', default: '0' },
    workers: { type: 'string', default: '2' },
    mutant: { type: 'string' },
    branches: { type: 'boolean', default: false },
  },
})

if (values.seed !== undefined) {
  const trace: string[] = []
  const seed = Number(values.seed)
  console.log(
    JSON.stringify(
      createSchedule(seed),
      (_, value) => (typeof value === 'bigint' ? String(value) : value),
      1,
    ),
  )
  const { violations } = await runSchedule(seed, product, { trace })
  console.log(trace.join('\n'))
  console.log(violations.length === 0 ? 'all is well' : violations.join('\n'))
  process.exitCode = violations.length === 0 ? 0 : 1
} else {
  const howMany = Number(values.count)
  const mutant = mutants.find(({ name }) => name === values.mutant)
  if (values.mutant !== undefined && mutant === undefined)
    throw new Error(`mutants.ts has no ${values.mutant}`)
  const tally = await runWorkers({
    from: Number(values.from),
    howMany,
    workers: Number(values.workers),
    stopAtFirst: mutant !== undefined,
    branches: values.branches
      ? (found) => console.log(Branches.print(found))
      : undefined,
    ...(mutant === undefined
      ? {}
      : {
          edit: { file: `packages/sender/src/${mutant.file}`, ...mutant.edit },
        }),
  })
  const rate = (tally.coverage.schedules / tally.ms) * 1000
  console.log(print(tally.coverage))
  console.log(
    `${Math.round(rate)} schedules a second on ${values.workers} cores: 100,000 in ${Math.round(100_000 / rate)} s`,
  )
  console.log(
    `per schedule: ${(tally.cpuMs / howMany).toFixed(1)} ms of CPU, ${Math.round(tally.events / howMany)} events, ${Math.round(tally.virtualMs / howMany / 1000)} virtual s, ${(tally.mined / howMany).toFixed(1)} mined, ${(tally.signatures / howMany).toFixed(1)} signatures`,
  )
  for (const { seed, texts } of tally.violations.slice(0, 200))
    console.log(`seed ${seed}: ${texts.join('; ')}`)
  console.log(`${tally.violations.length} schedules broke a promise`)
  process.exitCode = tally.violations.length === 0 ? 0 : 1
}
