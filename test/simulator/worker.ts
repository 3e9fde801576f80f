import { runMany } from './runMany.js'
import { product } from './underTest.js'

// Errors are made by the thousand here, and nobody reads where.
Error.stackTraceLimit = 0

// A process of the soak: seeds in the arguments, the tally on stdout.
const [from, howMany, stopAtFirst] = process.argv.slice(2)
const tally = await runMany(product, {
  from: Number(from),
  howMany: Number(howMany),
  stopAtFirst: stopAtFirst === 'first',
})
process.stdout.write(JSON.stringify(tally))
