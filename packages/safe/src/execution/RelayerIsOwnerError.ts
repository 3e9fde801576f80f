import { AddressField, BaseError, type Hex } from '@keyward/core'

/** The account that pays for the execution must not also be able to approve. */
export class RelayerIsOwnerError extends BaseError {
  override readonly name = 'RelayerIsOwnerError'

  constructor(relayer: Hex) {
    super(
      'relayer-is-owner',
      `${AddressField.toChecksum(relayer)} is an owner of the Safe and can't send its transactions.`,
      {
        details:
          "Nothing was sent. If an owner sends a transaction, the Safe counts that as the owner's approval, without a signature. Send from an account that is not an owner: use another stack or key.",
      },
    )
  }
}
