import { SigningKey, Transaction } from '@keyward/core'
import { createKmsClient } from '@keyward/core/kms'
import * as transfer from '../support/transfer.mjs'

export const name = 'keyward (lean client)'

export async function create({ endpoint, credentials, keyId }) {
  const service = createKmsClient({
    endpoint,
    region: 'us-east-1',
    credentials,
  })
  const key = await SigningKey.connect({ service, keyId })
  return (nonce) =>
    Transaction.sign(key, {
      type: 'eip1559',
      ...transfer,
      nonce: BigInt(nonce),
      value: 0n,
      accessList: [],
    })
}
