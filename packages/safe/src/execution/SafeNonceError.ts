import { BaseError } from '@keyward/core'
import type { SafeState } from '../state/readState.js'

/** @throws SafeNonceError if the transaction can't be executed any more */
export function assertNonceUnused(
  { nonce }: { nonce: bigint },
  state: Pick<SafeState, 'nonce'>,
): void {
  if (nonce >= state.nonce) return
  throw new SafeNonceError(
    nonce,
    state.nonce,
    'This or another transaction was executed with this nonce. To see which, run keyward safe status; the node must still have the logs.',
  )
}

/** The Safe executes its transactions in nonce order. */
export class SafeNonceError extends BaseError {
  override readonly name = 'SafeNonceError'

  constructor(nonce: bigint, next: bigint, details: string) {
    super(
      'safe-nonce',
      `The transaction has nonce ${nonce}, but the Safe's next nonce is ${next}.`,
      { details },
    )
  }
}
