import type { Hex } from '@keyward/core'
import type { Relayed, Relayer } from './Relayer.js'

/** So often the relayer pays for what reverts, or is never mined. */
export const maxAttempts = 3

/** The relayer takes each key once: so each attempt is sent once. */
const keyOf = (safeTx: Hex, attempt: number) =>
  attempt === 1 ? `safe-${safeTx}` : `safe-${safeTx}-${attempt}`

/** Whether nothing was executed by it, nor will be. */
export const hasFailed = ({ isFinal, status, receiptStatus }: Relayed) =>
  receiptStatus === 'reverted' || (isFinal && status !== 'mined')

/** What the relayer has of an execution, the latest attempt last. */
export async function readAttempts(
  relayer: Relayer,
  safeTx: Hex,
  options: { deadline?: number | undefined },
): Promise<Relayed[]> {
  const attempts: Relayed[] = []
  while (attempts.length < maxAttempts) {
    const key = keyOf(safeTx, attempts.length + 1)
    const found = await relayer.get(key, options)
    if (found === undefined) break
    attempts.push(found)
    if (!hasFailed(found)) break
  }
  return attempts
}

/**
 * The key to send it by: of the attempt that is on its way or, where that one
 * failed, of the next.
 *
 * @returns undefined when all attempts failed
 */
export function nextKey(
  safeTx: Hex,
  attempts: readonly Relayed[],
): string | undefined {
  const last = attempts.at(-1)
  const count = attempts.length
  if (last === undefined) return keyOf(safeTx, 1)
  if (!hasFailed(last)) return keyOf(safeTx, count)
  return count < maxAttempts ? keyOf(safeTx, count + 1) : undefined
}
