import { AwsKmsSigner } from '../peers/cuonghx.mjs'
import * as transfer from '../support/transfer.mjs'

export const name = '@cuonghx.gu-tech/ethers-aws-kms-signer 0.9.1'

export async function create({ endpoint, credentials, keyId }) {
  // It takes no endpoint; its SDK reads this variable.
  process.env.AWS_ENDPOINT_URL = endpoint
  const { gas, ...fields } = transfer
  const signer = new AwsKmsSigner({ keyId, region: 'us-east-1', credentials })
  return (nonce) =>
    signer.signTransaction({
      type: 2,
      ...fields,
      gasLimit: gas,
      nonce,
      value: 0n,
      from: null,
    })
}
