import type { AccessList, Fields, Parser, Problems } from '@keyward/core'
import { AccessListField, FeeFields, Quantity } from '@keyward/core'
import { createHandler } from '../signing/createHandler.js'
import type { OwnFields } from '../signing/readEvent.js'
import { createSigner } from '../signing/signer.js'

type Own = {
  maxFeePerGas: bigint
  maxPriorityFeePerGas: bigint
  accessList: AccessList
}

const ownFields: OwnFields<Own> = {
  names: ['max_fee_per_gas', 'max_priority_fee_per_gas', 'type', 'access_list'],
  priceName: 'max_fee_per_gas',
  needsGas: (fields) => {
    const list = fields.raw('access_list')
    return Array.isArray(list) && list.length > 0
  },
  read,
  price: (own) => own.maxFeePerGas,
}

/**
 * Signs an EIP-1559 transaction, or answers `status`. Calls `kms:Sign` once for
 * each signature, and `kms:GetPublicKey` with the first one unless the address
 * is pinned.
 */
export const handler = createHandler(createSigner(process.env), {
  ownFields,
  toTransaction: (fields) => ({ type: 'eip1559', ...fields }),
  toAnswer: ({ raw, hash }, transaction) => ({
    signed_tx_hash: hash,
    signed_tx_payload: raw,
    transaction,
  }),
})

function read(fields: Fields.Fields, problems: Problems.Problems) {
  fields.optional('type', parseType)
  const accessList = fields.optional('access_list', AccessListField.parse) ?? []
  const fees = FeeFields.read(fields, problems, {
    max: 'max_fee_per_gas',
    priority: 'max_priority_fee_per_gas',
  })
  return { ...fees, accessList }
}

const parseType: Parser<bigint> = (value, path, problems) => {
  const type = Quantity.read(value)
  return type === 2n ? type : problems.wrong(path, value, '2')
}
