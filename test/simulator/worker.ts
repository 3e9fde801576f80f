import { createHash } from 'node:crypto'
import { runMany } from './runMany.js'
import { runSchedule } from './runSchedule.js'
import { product } from './underTest.js'

// Errors are made by the thousand here, and nobody reads where.
Error.stackTraceLimit = 0

// A process of the soak: seeds and the parent's id in the arguments, the tally on
// stdout; or one seed, and the hash of its trace.
const [from, howMany, parent, stopAtFirst] = process.argv.slice(2)
if (howMany === 'trace') {
  const trace: string[] = []
  await runSchedule(Number(from), product, { trace })
  const hash = createHash('sha256').update(trace.join('\n')).digest('hex')
  process.stdout.write(JSON.stringify({ lines: trace.length, hash }))
} else {
  // Nobody reads what an orphan finds. The event loop does not turn during a
  // run, so no signal and no closed pipe would tell.
  const before = () => {
    if (process.ppid !== Number(parent)) process.exit(1)
  }
  const tally = await runMany(product, {
    before,
    from: Number(from),
    howMany: Number(howMany),
    stopAtFirst: stopAtFirst === 'first',
  })
  process.stdout.write(JSON.stringify(tally))
}
