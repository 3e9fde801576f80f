import { createHash } from 'node:crypto'
import { runMany } from './runMany.js'
import { runSchedule } from './runSchedule.js'
import { product } from './underTest.js'

// Errors are made by the thousand here, and nobody reads where.
Error.stackTraceLimit = 0

// A process of the soak: seeds in the arguments, the tally on stdout; or one
// seed, and the hash of its trace.
const [from, howMany, stopAtFirst] = process.argv.slice(2)
if (howMany === 'trace') {
  const trace: string[] = []
  await runSchedule(Number(from), product, { trace })
  const hash = createHash('sha256').update(trace.join('\n')).digest('hex')
  process.stdout.write(JSON.stringify({ lines: trace.length, hash }))
} else {
  const tally = await runMany(product, {
    from: Number(from),
    howMany: Number(howMany),
    stopAtFirst: stopAtFirst === 'first',
  })
  process.stdout.write(JSON.stringify(tally))
}
