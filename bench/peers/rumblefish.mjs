export { KMSSigner } from '@rumblefishdev/eth-signer-kms'
