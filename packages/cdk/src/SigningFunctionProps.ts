import type {
  aws_dynamodb as dynamodb,
  aws_lambda as lambda,
  aws_logs as logs,
} from 'aws-cdk-lib'
import type { KeyPrincipal } from './principals.js'
import type { SigningKey } from './SigningKey.js'
import type { VpcSettings } from './vpcSettings.js'

/** Properties that all functions which sign have. */
export interface SigningFunctionProps extends VpcSettings {
  /** Name of the function, and of its role. */
  readonly functionName: string
  /** The stack's key, or the ARN of one that exists. */
  readonly signingKey: SigningKey | string
  /** Name of the chain, its id in decimal, or `local` (31337). */
  readonly network: string
  /**
   * Least level that is logged: DEBUG, INFO, WARN or ERROR. What was signed,
   * and metrics, are written whatever it is.
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
   * Transactions whose gas x price is above this are refused, in ether.
   *
   * @default '1'
   */
  readonly maxTransactionFeeEther?: string
  /**
   * Callers, by the name of their alias: each principal may invoke the
   * function through its own alias and no other way. The names `admin`, `clock`
   * and `status` are reserved: through `status` every function tells its
   * address, and does nothing else.
   *
   * @default - nobody: but for network `local` the functions tell their address
   * and do nothing, unless `anyCaller` is set
   */
  readonly invokers?: Readonly<Record<string, KeyPrincipal>>
  /**
   * Without `invokers`, whoever may invoke the functions by IAM may have them
   * sign, and is no further told apart.
   *
   * @default false
   */
  readonly anyCaller?: boolean
  /**
   * Path of the policy that is asked before each signature: what it does not
   * allow is not signed (docs/policy.md).
   *
   * @default - whoever may invoke the function may have anything signed
   */
  readonly policy?: string
  /**
   * SHA-256 of the policy that is meant, in hex: another text is refused.
   *
   * @default - whatever the file has
   */
  readonly policySha256?: string
  /**
   * Where the windows of the policy are counted.
   *
   * @default - nowhere: a policy with windows is refused
   */
  readonly guardTable?: dynamodb.ITableV2
  /**
   * ARN of the KMS key that this table is encrypted with. Its policy must let
   * the functions' roles and the deployment use it, or leave that to IAM. For a
   * table that exists: the key that it has.
   *
   * @default - a key of DynamoDB's
   */
  readonly guardKeyArn?: string
  /**
   * Whether the functions call AWS by its FIPS endpoints only. The Region must
   * have them for all that is called: docs/guides/network.md.
   *
   * @default false
   */
  readonly fips?: boolean
  /**
   * Most executions at once; 0 stops the function.
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
   * Runs only code that this configuration's signing profiles signed.
   *
   * @default - any code
   */
  readonly codeSigningConfig?: lambda.ICodeSigningConfig
}
