import type { Hex } from '@keyward/core'
import type { Relayed, Relayer } from './Relayer.js'

/**
 * How many times the relayer pays for an execution that reverts or is never
 * mined.
 */
export const maxAttempts = 3

/** The relayer accepts each key once, so each attempt is sent only once. */
const keyOf = (safeTx: Hex, attempt: number) =>
  attempt === 1 ? `safe-${safeTx}` : `safe-${safeTx}-${attempt}`

/** Whether an attempt has executed nothing and never will. */
export const hasFailed = ({ isFinal, status, receiptStatus }: Relayed) =>
  receiptStatus === 'reverted' || (isFinal && status !== 'mined')

/** The relayer's attempts at an execution, oldest first. */
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
 * The key of the attempt to send: the pending one or, if that failed, the next.
 *
 * @returns undefined if all attempts failed
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
