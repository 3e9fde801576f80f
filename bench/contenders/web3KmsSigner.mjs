// It cannot sign type 2, so it signs a legacy transaction, and it is given the
// address, without which it asks for the public key at every signature.
import { KMSProviderAWS, KMSWallets, Signer } from '../peers/web3KmsSigner.mjs'
import * as transfer from '../support/transfer.mjs'

export const name = '@web3-kms-signer/core 1.0.16 (legacy, address given)'

export async function create({ endpoint, credentials, keyId, address }) {
  const provider = new KMSProviderAWS({
    endpoint,
    region: 'us-east-1',
    credentials,
  })
  const signer = new Signer(new KMSWallets(provider), transfer.chainId)
  const account = { keyId, address: Buffer.from(address.slice(2), 'hex') }
  return (nonce) =>
    signer.signTransaction(account, {
      nonce,
      gasPrice: transfer.maxFeePerGas,
      gasLimit: transfer.gas,
      to: transfer.to,
      value: 0n,
      data: transfer.data,
    })
}
