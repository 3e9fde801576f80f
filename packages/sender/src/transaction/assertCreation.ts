import { BaseError } from '@keyward/core'
import type { SendRequest } from '../request/SendRequest.js'

/** @throws CreationNotAllowedError */
export function assertCreation(
  { to }: Pick<SendRequest, 'to'>,
  allowCreation: boolean,
): void {
  if (to === undefined && !allowCreation) throw new CreationNotAllowedError()
}

/** A request without `to` reached a sender that creates no contracts. */
export class CreationNotAllowedError extends BaseError {
  constructor() {
    super(
      'creation-not-allowed',
      'This sender is not allowed to create contracts.',
      {
        details:
          "Nothing was signed. Set dst_address to the destination's address. If you want to create a contract, allow it for the sender (allowContractCreation in the stack, allowCreation in the library).",
      },
    )
    this.name = 'CreationNotAllowedError'
  }
}
