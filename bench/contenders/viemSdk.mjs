// What a viem user writes without a library: an account over the AWS SDK that
// tries both recovery ids.
import { KMSClient } from '../peers/kms.mjs'
import { createViemAccount } from '../peers/viemAccount.mjs'
import * as transfer from '../support/transfer.mjs'

export const name = 'viem toAccount + AWS SDK'

export async function create({ endpoint, credentials, keyId }) {
  const client = new KMSClient({ endpoint, region: 'us-east-1', credentials })
  const account = await createViemAccount(client, keyId)
  return (nonce) =>
    account.signTransaction({ type: 'eip1559', ...transfer, nonce, value: 0n })
}
