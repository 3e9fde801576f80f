import { KMSClient } from '@aws-sdk/client-kms'
import { SigningKey, Transaction } from '@keyward/core'
import { fromSdk } from '@keyward/core/sdk'
import * as transfer from '../support/transfer.mjs'

export const name = 'keyward (AWS SDK client)'

export async function create({ endpoint, credentials, keyId }) {
  const client = new KMSClient({ endpoint, region: 'us-east-1', credentials })
  const key = await SigningKey.connect({ service: fromSdk(client), keyId })
  return (nonce) =>
    Transaction.sign(key, {
      type: 'eip1559',
      ...transfer,
      nonce: BigInt(nonce),
      value: 0n,
      accessList: [],
    })
}
