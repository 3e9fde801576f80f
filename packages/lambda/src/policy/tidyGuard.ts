import type { Context } from '../runtime/Context.js'
import type { Log } from '../runtime/log.js'
import { toFailure, toLogFields } from '../runtime/toFailure.js'
import { toMetric } from '../runtime/toMetric.js'
import type { Gate } from './createGate.js'

/**
 * Cleans up after processes that died while counting windows, halts windows
 * that count less than was committed, and reports what prevents the guard from
 * signing. A failure doesn't stop the reconciler.
 */
export async function tidyGuard(
  gate: Gate,
  log: Log,
  about: { deadline: number; context: Context },
): Promise<void> {
  const { deadline, context } = about
  let isSound = true
  // If one of these fails, the others still run.
  const run = async <result>(work: () => Promise<result>) => {
    try {
      return await work()
    } catch (error) {
      log.error(
        "the guard's table was not tidied up",
        toLogFields(toFailure(error)),
      )
      isSound = false
      return undefined
    }
  }
  await run(() => gate.recount({ deadline }))
  const found = await run(() => gate.recover({ deadline }))
  const { damaged = [], halt } = found ?? {}
  for (const text of damaged) log.error(text, { code: 'guard-item' })
  if (halt !== undefined)
    log.error(`The guard is halted: ${halt.reason}`, { code: 'guard-halted' })
  if (isSound && damaged.length === 0 && halt === undefined) return
  log.metric(toMetric(context, 'Faults', 1))
}
