import { AddressField, BaseError, type Hex } from '@keyward/core'

/** What pays for the execution must not be able to approve as well. */
export class RelayerIsOwnerError extends BaseError {
  override readonly name = 'RelayerIsOwnerError'

  constructor(relayer: Hex) {
    super(
      'relayer-is-owner',
      `${AddressField.toChecksum(relayer)} is an owner of the Safe and can't send its transactions.`,
      {
        details:
          'Nothing was sent. An owner that executes counts as an approval without a signature. Send from an account that owns nothing: name another stack or key.',
      },
    )
  }
}
