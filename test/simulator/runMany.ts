import { type Coverage, count, createCoverage } from './coverage.js'
import type { Product } from './Product.js'
import { runSchedule } from './runSchedule.js'

/** What many schedules came to. */
export type Tally = {
  coverage: Coverage
  violations: { seed: number; texts: string[] }[]
  ms: number
  cpuMs: number
  events: number
  virtualMs: number
  mined: number
  signatures: number
}

/**
 * Runs the seeds from..from + howMany - 1, or until one is violated.
 *
 * @param seeds.before - Called before each.
 */
export async function runMany(
  product: Product,
  seeds: {
    from: number
    howMany: number
    stopAtFirst?: boolean
    before?: () => void
  },
): Promise<Tally> {
  const start = performance.now()
  const startCpu = process.cpuUsage()
  const tally: Tally = {
    coverage: createCoverage(),
    violations: [],
    ...{ ms: 0, cpuMs: 0, events: 0, virtualMs: 0, mined: 0, signatures: 0 },
  }
  for (let seed = seeds.from; seed < seeds.from + seeds.howMany; seed++) {
    seeds.before?.()
    const outcome = await runSchedule(seed, product)
    const { struck, character } = outcome
    count(tally.coverage, { struck: struck.keys(), character })
    for (const name of ['events', 'virtualMs', 'mined', 'signatures'] as const)
      tally[name] += outcome[name]
    const { violations: texts } = outcome
    if (texts.length === 0) continue
    tally.violations.push({ seed, texts })
    if (seeds.stopAtFirst) break
  }
  tally.ms = performance.now() - start
  const { user, system } = process.cpuUsage(startCpu)
  tally.cpuMs = (user + system) / 1000
  return tally
}
