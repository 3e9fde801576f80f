import module from '@cuonghx.gu-tech/ethers-aws-kms-signer'
export const { AwsKmsSigner } = module
