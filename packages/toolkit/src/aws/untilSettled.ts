import { setTimeout as sleep } from 'node:timers/promises'

const patienceMs = 20_000
const notYet = new Set(['NotFoundException', 'KMSInvalidStateException'])

/**
 * Sends a call that can't fail so unless KMS is not of one mind yet: what was
 * just created or imported is known everywhere some seconds later.
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
