import { KMSClient } from '../peers/kms.mjs'
import { KMSSigner } from '../peers/rumblefish.mjs'
import * as transfer from '../support/transfer.mjs'

export const name = '@rumblefishdev/eth-signer-kms 4.3.1'

export async function create({ endpoint, credentials, keyId }) {
  const client = new KMSClient({ endpoint, region: 'us-east-1', credentials })
  const signer = await KMSSigner.create(undefined, keyId, client)
  return (nonce) =>
    signer.signTransaction({ type: 2, ...rename(transfer), nonce, value: 0n })
}

function rename({ gas, ...fields }) {
  return { ...fields, gasLimit: gas }
}
