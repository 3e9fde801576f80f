import type { aws_dynamodb as dynamodb } from 'aws-cdk-lib'
import { assertAddress, assertFee } from './environment.js'
import type { PolicyFile } from './functionCode.js'
import type { SigningFunctionProps } from './SigningFunctionProps.js'

type Parts = {
  keyArn: string | undefined
  policy: PolicyFile | undefined
  guardTable: dynamodb.ITableV2 | undefined
}

/**
 * The environment variables that all functions have.
 *
 * @throws Error for a setting that the function would refuse.
 */
export const signingEnvironment = (
  props: Omit<SigningFunctionProps, 'signingKey'>,
  { keyArn, policy, guardTable }: Parts,
): Record<string, string> => ({
  ...(keyArn !== undefined && { KMS_KEY_ID: keyArn }),
  ETH_NETWORK: props.network,
  LOG_LEVEL: props.logLevel ?? 'INFO',
  ...(props.address !== undefined && {
    KEYWARD_ADDRESS: assertAddress(props.address),
  }),
  ...(props.maxTransactionFeeEther !== undefined && {
    MAX_TX_FEE_ETHER: assertFee(props.maxTransactionFeeEther),
  }),
  ...(props.fips === true && { AWS_USE_FIPS_ENDPOINT: 'true' }),
  ...(props.anyCaller === true && { KEYWARD_ANY_CALLER: 'true' }),
  ...(policy && { POLICY_SHA256: policy.sha256 }),
  ...(guardTable && { GUARD_TABLE: guardTable.tableName }),
})
