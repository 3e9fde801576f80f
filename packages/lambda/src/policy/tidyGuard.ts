import type { Context } from '../runtime/Context.js'
import type { Log } from '../runtime/log.js'
import { toFailure, toLogFields } from '../runtime/toFailure.js'
import { toMetric } from '../runtime/toMetric.js'
import type { Gate } from './createGate.js'

/**
 * Tidies up after those that died while windows were counted, halts where
 * windows count less than was committed, and tells what keeps the guard from
 * signing: nothing of it stops the reconciler.
 */
export async function tidyGuard(
  gate: Gate,
  log: Log,
  about: { deadline: number; context: Context },
): Promise<void> {
  const { deadline, context } = about
  try {
    await gate.recount({ deadline })
    const { damaged, halt } = await gate.recover({ deadline })
    for (const text of damaged) log.error(text, { code: 'guard-item' })
    if (halt !== undefined)
      log.error(`The guard is halted: ${halt.reason}`, { code: 'guard-halted' })
    if (damaged.length === 0 && halt === undefined) return
  } catch (error) {
    const failure = toFailure(error)
    log.error('the guard was not tidied up', toLogFields(failure))
  }
  log.metric(toMetric(context, 'Faults', 1))
}
