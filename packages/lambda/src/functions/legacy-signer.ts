import { Quantity } from '@keyward/core'
import { createHandler } from '../signing/createHandler.js'
import { createSigner } from '../signing/signer.js'

/**
 * Signs a legacy transaction with its chain id (EIP-155), or answers `status`.
 * Calls `kms:Sign` once for each signature, and `kms:GetPublicKey` with the
 * first one unless the address is pinned.
 */
export const handler = createHandler<{ gasPrice: bigint }>(
  createSigner(process.env),
  {
    ownFields: {
      names: ['gas_price'],
      priceName: 'gas_price',
      read: (fields) => ({
        gasPrice: fields.required('gas_price', Quantity.uint256),
      }),
      price: (own) => own.gasPrice,
    },
    toTransaction: (fields) => ({ type: 'legacy', ...fields }),
    toAnswer: ({ raw, hash }, transaction) => ({
      signed_tx: raw,
      signed_tx_hash: hash,
      transaction,
    }),
  },
)
