import type { Rpc } from '@keyward/core/rpc'
import { IdempotencyConflictError } from '@keyward/sender'
import { InvocationError } from '../aws/invoke.js'
import type { Io } from '../Io.js'
import { type Followed, follow } from '../send/follow.js'
import type { Fields, SenderAccess } from '../send/SenderAccess.js'

/** A call that anyone can send, because the Safe does its own checks. */
export type Call = {
  /** Requests with the same key are sent only once. */
  readonly idempotencyKey: string
  readonly to: string
  readonly data: string
}

export type RelayOptions = {
  readonly rpc: Rpc
  readonly urls: readonly string[]
  /** Seconds. */
  readonly timeoutS: number
}

/**
 * The maximum number of attempts, if earlier ones failed or ended without being
 * mined.
 */
const maxAttempts = 3

/**
 * Sends a call once, as `keyward send` does, and waits for it to be mined. An
 * attempt that failed in an earlier run is repeated with a new idempotency key,
 * at most twice; this is safe because the Safe executes each hash only once.
 *
 * @returns the last attempt, and its hash if it was mined
 */
export async function relay(
  io: Io,
  access: SenderAccess,
  { idempotencyKey, to, data }: Call,
  { rpc, urls, timeoutS }: RelayOptions,
): Promise<Followed> {
  for (let attempt = 1; ; attempt++) {
    const key = attempt === 1 ? idempotencyKey : `${idempotencyKey}-${attempt}`
    const reference = await sendOrFind(access, key, { to, data })
    const earlier = await access.get(reference)
    const failed =
      (earlier.final || earlier.block_number !== null) &&
      (earlier.status !== 'mined' || earlier.receipt_status === 'reverted')
    if (failed && attempt < maxAttempts) continue
    const { chainId } = rpc
    return follow(io, access, reference, { chainId, urls, timeoutS })
  }
}

/**
 * The same execution may already have been requested with the signatures of
 * other owners.
 */
async function sendOrFind(
  access: SenderAccess,
  key: string,
  { to, data }: Pick<Call, 'to' | 'data'>,
): Promise<Fields> {
  const named = { idempotency_key: key }
  try {
    const { transaction_id } = await access.send({
      ...{ ...named, dst_address: to, value_wei: '0', data },
    })
    return { transaction_id }
  } catch (error) {
    if (!isConflict(error)) throw error
    return named
  }
}

const isConflict = (error: unknown) =>
  error instanceof IdempotencyConflictError ||
  (error instanceof InvocationError &&
    error.errorType === 'IdempotencyConflictError')
