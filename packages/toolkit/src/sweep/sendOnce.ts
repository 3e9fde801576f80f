import type { SendWire } from '@keyward/sender'
import { InvocationError } from '../aws/invoke.js'
import type { Fields, SenderAccess } from '../send/SenderAccess.js'
import { SweepOvertakenError } from './SweepError.js'

/** So many sweeps that ended at the same nonce are no accident any more. */
const most = 50

/**
 * Sends a transfer of a sweep under a key that is made of the account's nonce as
 * it was before the balance was read: of two sweeps at once both send the same,
 * or the second is refused. Two keys for one balance would leave one signed
 * transfer waiting for money to come. What has
 * ended without using the nonce makes way for the next key.
 *
 * @throws SweepOvertakenError; what the sender throws
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
