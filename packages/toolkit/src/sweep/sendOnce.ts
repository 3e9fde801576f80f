import type { SendWire } from '@keyward/sender'
import { InvocationError } from '../aws/invoke.js'
import type { Fields, SenderAccess } from '../send/SenderAccess.js'
import { SweepOvertakenError } from './SweepError.js'

/** More sweeps than could coincidentally end at the same nonce. */
const most = 50

/**
 * Sends a transfer of a sweep under an idempotency key made from the account's
 * nonce before the balance was read. Two simultaneous sweeps then send the same
 * transfer, or the second is refused. With two different keys for one balance,
 * a signed transfer would be left waiting for funds. If a transfer ended
 * without using the nonce, the next key is used.
 *
 * @throws SweepOvertakenError, and the sender's errors
 */
export async function sendOnce(
  access: SenderAccess,
  key: string,
  fields: Fields,
): Promise<SendWire> {
  for (let round = 1; round <= most; round++) {
    const idempotencyKey = round === 1 ? key : `${key}-${round}`
    const reference = { idempotency_key: idempotencyKey }
    try {
      const sent = await access.send({ ...fields, ...reference })
      if (!hasEndedUnused(sent)) return sent
    } catch (error) {
      if (!isConflict(error)) throw error
      if (!hasEndedUnused(await access.get(reference)))
        throw new SweepOvertakenError(idempotencyKey)
    }
  }
  throw new SweepOvertakenError(key)
}

function hasEndedUnused({ status }: Pick<SendWire, 'status'>): boolean {
  return ['dropped', 'expired', 'refused', 'replaced'].includes(status)
}

function isConflict(error: unknown): boolean {
  const name =
    error instanceof InvocationError
      ? error.errorType
      : (error as Error | undefined)?.name
  return name === 'IdempotencyConflictError'
}
