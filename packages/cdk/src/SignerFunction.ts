import {
  ArnFormat,
  Duration,
  type aws_ec2 as ec2,
  aws_iam as iam,
  aws_lambda as lambda,
  aws_logs as logs,
  RemovalPolicy,
  Stack,
  Validations,
} from 'aws-cdk-lib'
import { Construct } from 'constructs'
import { functionCode, type SignerKind } from './functionCode.js'
import { assertNetwork } from './network.js'
import { assertPrincipals } from './principals.js'
import type { SigningKey } from './SigningKey.js'

/** Properties of a {@link SignerFunction}. */
export interface SignerFunctionProps {
  /** Which of the two functions. */
  readonly kind: SignerKind
  /** Name of the function. */
  readonly functionName: string
  /** The stack's key, or the ARN of one that exists. */
  readonly signingKey: SigningKey | string
  /** Name of the chain, its id in decimal, or `local` (31337). */
  readonly network: string
  /**
   * Least level that is logged: DEBUG, INFO, WARN or ERROR.
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
   * function through its own alias and no other way.
   *
   * @default - nobody, except by IAM policies elsewhere
   */
  readonly invokers?: Readonly<Record<string, string>>
  /**
   * Most executions at once; 0 stops the function.
   *
   * @default - the account's limit
   */
  readonly reservedConcurrentExecutions?: number
  /**
   * @default logs.RetentionDays.ONE_YEAR
   */
  readonly logRetention?: logs.RetentionDays
  /**
   * Network to run in. It then needs a KMS endpoint or a way out.
   *
   * @default - none
   */
  readonly vpc?: ec2.IVpc
  /**
   * The function may sign through this VPC endpoint of KMS only.
   *
   * @default - no condition
   */
  readonly kmsVpcEndpointId?: string
  /**
   * Runs only code that this configuration's signing profiles signed.
   *
   * @default - any code
   */
  readonly codeSigningConfig?: lambda.ICodeSigningConfig
}

/**
 * A Lambda function that signs transactions of one kind with one key, as a
 * role of its own that can do nothing else and signs from nowhere else.
 */
export class SignerFunction extends Construct {
  /** The function. */
  readonly function: lambda.Function
  /** Its role. */
  readonly role: iam.Role
  readonly #aliases = new Map<string, lambda.Alias>()

  constructor(scope: Construct, id: string, props: SignerFunctionProps) {
    super(scope, id)
    assertNetwork(props.network)
    const { functionName, signingKey, logLevel = 'INFO', invokers = {} } = props
    for (const [name, arn] of Object.entries(invokers)) assertInvoker(name, arn)
    const stack = Stack.of(this)
    const keyArn =
      typeof signingKey === 'string' ? signingKey : signingKey.key.keyArn
    // By name, so that the role does not wait for the function, nor it for it.
    const functionArn = stack.formatArn({
      service: 'lambda',
      resource: 'function',
      resourceName: functionName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    })
    const logGroup = new logs.LogGroup(this, 'Logs', {
      logGroupName: `/aws/lambda/${functionName}`,
      retention: props.logRetention ?? logs.RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.RETAIN,
    })
    this.role = new iam.Role(this, 'Role', {
      roleName: functionName,
      description: `Signs as ${functionName}, and nothing else`,
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    })
    if (typeof signingKey !== 'string') signingKey.grantSign(this.role)
    this.#allow(keyArn, functionArn, logGroup, props)
    const names = Object.keys(invokers)
    this.function = new lambda.Function(this, 'Function', {
      functionName,
      description: `Signs ${props.kind === 'legacy-signer' ? 'legacy' : 'EIP-1559'} transactions`,
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      handler: 'index.handler',
      code: functionCode(props.kind),
      memorySize: 512,
      timeout: Duration.seconds(30),
      role: this.role,
      logGroup,
      loggingFormat: lambda.LoggingFormat.JSON,
      applicationLogLevelV2: applicationLevels[logLevel],
      // An asynchronous call that is repeated would sign twice.
      retryAttempts: 0,
      environment: {
        KMS_KEY_ID: keyArn,
        ETH_NETWORK: props.network,
        LOG_LEVEL: logLevel,
        ...(props.address !== undefined && {
          KEYWARD_ADDRESS: assertAddress(props.address),
        }),
        ...(props.maxTransactionFeeEther !== undefined && {
          MAX_TX_FEE_ETHER: props.maxTransactionFeeEther,
        }),
        ...(names.length > 0 && { KEYWARD_CALLERS: names.join(',') }),
      },
      ...(props.reservedConcurrentExecutions !== undefined && {
        reservedConcurrentExecutions: props.reservedConcurrentExecutions,
      }),
      ...(props.vpc && { vpc: props.vpc }),
      ...(props.codeSigningConfig && {
        codeSigningConfig: props.codeSigningConfig,
      }),
    })
    for (const [name, arn] of Object.entries(invokers))
      this.grantInvoke(name, arn)
    Validations.of(this).acknowledge(
      {
        id: 'cdk-validator-cfnguard::cloudwatch_log_group_encrypted_check',
        reason:
          'The log holds request ids, hashes and key ids, and nothing that could sign; CloudWatch encrypts it with a key of its own.',
      },
      {
        id: 'cdk-validator-cfnguard::lambda_inside_vpc_check',
        reason:
          'A network is optional (vpc): the function reaches KMS only, over TLS, and needs no way into anything else.',
      },
    )
  }

  /** The alias of each configured caller. */
  get aliases(): ReadonlyMap<string, lambda.Alias> {
    return this.#aliases
  }

  /**
   * Lets a principal invoke the function through an alias of its own.
   *
   * @param name - Of the caller and its alias. The caller must also be among
   *   `invokers`, or the function refuses it once others are configured.
   * @param principalArn - Of an IAM role or user.
   */
  grantInvoke(name: string, principalArn: string): lambda.Alias {
    assertInvoker(name, principalArn)
    const alias = new lambda.Alias(this, `Caller-${name}`, {
      aliasName: name,
      version: this.function.currentVersion as lambda.IVersion,
    })
    new lambda.CfnPermission(this, `Invoke-${name}`, {
      action: 'lambda:InvokeFunction',
      functionName: alias.functionArn,
      principal: principalArn,
    })
    this.#aliases.set(name, alias)
    return alias
  }

  #allow(
    keyArn: string,
    functionArn: string,
    logGroup: logs.ILogGroup,
    props: SignerFunctionProps,
  ): void {
    const { kmsVpcEndpointId } = props
    const policies = [
      new iam.PolicyStatement({
        sid: 'Sign',
        actions: ['kms:Sign'],
        resources: [keyArn],
        conditions: {
          StringEquals: {
            'kms:SigningAlgorithm': 'ECDSA_SHA_256',
            'kms:MessageType': 'DIGEST',
          },
        },
      }),
      new iam.PolicyStatement({
        sid: 'Look',
        actions: ['kms:GetPublicKey'],
        resources: [keyArn],
      }),
      // Credentials that leave the function are worth nothing elsewhere.
      new iam.PolicyStatement({
        sid: 'SignFromHereOnly',
        effect: iam.Effect.DENY,
        actions: ['kms:Sign'],
        resources: ['*'],
        conditions: {
          ArnNotEquals: { 'lambda:SourceFunctionArn': functionArn },
        },
      }),
      new iam.PolicyStatement({
        sid: 'Log',
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
    ]
    if (kmsVpcEndpointId !== undefined)
      policies.push(
        new iam.PolicyStatement({
          sid: 'SignThroughEndpointOnly',
          effect: iam.Effect.DENY,
          actions: ['kms:Sign'],
          resources: ['*'],
          conditions: {
            StringNotEquals: { 'aws:SourceVpce': kmsVpcEndpointId },
          },
        }),
      )
    if (props.vpc)
      policies.push(
        new iam.PolicyStatement({
          sid: 'JoinTheNetwork',
          actions: [
            'ec2:CreateNetworkInterface',
            'ec2:DescribeNetworkInterfaces',
            'ec2:DescribeSubnets',
            'ec2:DeleteNetworkInterface',
            'ec2:AssignPrivateIpAddresses',
            'ec2:UnassignPrivateIpAddresses',
          ],
          resources: ['*'],
        }),
      )
    for (const policy of policies) this.role.addToPolicy(policy)
  }
}

const applicationLevels = {
  DEBUG: lambda.ApplicationLogLevel.DEBUG,
  INFO: lambda.ApplicationLogLevel.INFO,
  WARN: lambda.ApplicationLogLevel.WARN,
  ERROR: lambda.ApplicationLogLevel.ERROR,
}

function assertInvoker(name: string, arn: string): void {
  if (!/^(?![0-9]+$)[a-zA-Z0-9_-]{1,128}$/.test(name))
    throw new Error(
      `invokers: ${JSON.stringify(name.slice(0, 80))} is no name for a caller. Allowed: 1 to 128 letters, digits, - and _, not digits alone.`,
    )
  assertPrincipals(`invokers.${name}`, [arn])
}

function assertAddress(address: string): string {
  if (/^0x[0-9a-fA-F]{40}$/.test(address)) return address
  throw new Error(
    `address: ${JSON.stringify(address.slice(0, 42))} is no address. Allowed: 0x and 40 hex digits.`,
  )
}
