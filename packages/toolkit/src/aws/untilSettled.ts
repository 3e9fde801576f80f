import { setTimeout as sleep } from 'node:timers/promises'

const patienceMs = 20_000
const notYet = new Set(['NotFoundException', 'KMSInvalidStateException'])

/**
 * Repeats a call as long as its failure can only mean that KMS is not yet
 * consistent: a new key or import takes a few seconds to become visible
 * everywhere.
 */
export async function untilSettled<answer>(
  send: () => Promise<answer>,
): Promise<answer> {
  const end = Date.now() + patienceMs
  for (let waitMs = 100; ; waitMs = Math.min(2 * waitMs, 2_000))
    try {
      return await send()
    } catch (error) {
      const { name, cause } = error as Error
      const isNotYet =
        notYet.has(name) || (cause instanceof Error && notYet.has(cause.name))
      if (!isNotYet || Date.now() + waitMs > end) throw error
      await sleep(waitMs)
    }
}
