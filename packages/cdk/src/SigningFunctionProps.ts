import type {
  aws_dynamodb as dynamodb,
  aws_lambda as lambda,
  aws_logs as logs,
} from 'aws-cdk-lib'
import type { KeyPrincipal } from './principals.js'
import type { SigningKey } from './SigningKey.js'
import type { VpcSettings } from './vpcSettings.js'

/** Properties of every function that signs. */
export interface SigningFunctionProps extends VpcSettings {
  /** Name of the function and of its role. */
  readonly functionName: string
  /** The stack's key, or the ARN of an existing key. */
  readonly signingKey: SigningKey | string
  /** Name of the chain, its id in decimal, or `local` (31337). */
  readonly network: string
  /**
   * Lowest level that is logged: DEBUG, INFO, WARN or ERROR. Signatures and
   * metrics are always logged.
   *
   * @default 'INFO'
   */
  readonly logLevel?: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR'
  /**
   * The account that the key must have; 0x and 40 hex digits.
   *
   * @default - taken from KMS at the first signature
   */
  readonly address?: string
  /**
   * Highest fee (gas x price) of a transaction, in ether. Transactions with a
   * higher fee are refused.
   *
   * @default '1'
   */
  readonly maxTransactionFeeEther?: string
  /**
   * Callers, by the name of their alias. Each principal may invoke the function
   * only through its own alias. The names `admin`, `clock` and `status` are
   * reserved. Through `status`, every function returns its address and does
   * nothing else.
   *
   * @default - nobody. Except for network `local`, the functions then only
   *   return their address, unless `anyCaller` is set
   */
  readonly invokers?: Readonly<Record<string, KeyPrincipal>>
  /**
   * If there are no `invokers`, treats all principals that IAM allows to invoke
   * the functions as one caller, for which the functions sign.
   *
   * @default false
   */
  readonly anyCaller?: boolean
  /**
   * Path of the policy that is checked before each signature. The function
   * signs only what it allows (docs/policy.md).
   *
   * @default - no policy; anybody who may invoke the function can sign anything
   */
  readonly policy?: string
  /**
   * SHA-256 of the intended policy, in hex. Any other text is refused.
   *
   * @default - not checked
   */
  readonly policySha256?: string
  /**
   * The table that counts the windows of the policy.
   *
   * @default - none; a policy with windows is refused
   */
  readonly guardTable?: dynamodb.ITableV2
  /**
   * ARN of the KMS key that encrypts this table. Its policy must allow the
   * functions' roles and the deployment to use it, or leave that to IAM. For an
   * existing table, set its current key.
   *
   * @default - a key owned by DynamoDB
   */
  readonly guardKeyArn?: string
  /**
   * Whether the functions call only AWS's FIPS endpoints. The Region must have
   * such an endpoint for each service that they call; see
   * docs/guides/network.md.
   *
   * @default false
   */
  readonly fips?: boolean
  /**
   * Maximum number of concurrent executions; 0 stops the function.
   *
   * @default - the account's limit
   */
  readonly reservedConcurrentExecutions?: number
  /**
   * How long the function's log is kept. The log group outlives the stack.
   *
   * @default logs.RetentionDays.ONE_YEAR
   */
  readonly logRetention?: logs.RetentionDays
  /**
   * Configuration whose signing profiles must have signed the code.
   *
   * @default - any code
   */
  readonly codeSigningConfig?: lambda.ICodeSigningConfig
}
