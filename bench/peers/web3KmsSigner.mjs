import core from '@web3-kms-signer/core'
import aws from '@web3-kms-signer/kms-provider-aws'
import wallets from '@web3-kms-signer/kms-wallets'
export const { Signer } = core
export const { KMSProviderAWS } = aws
export const { KMSWallets } = wallets
