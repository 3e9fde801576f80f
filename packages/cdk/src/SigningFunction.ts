import { itemWrites } from '@keyward/iam/ledger-policy'
import { quote } from '@keyward/iam/quote'
import {
  type Duration,
  aws_iam as iam,
  Lazy,
  aws_lambda as lambda,
  aws_logs as logs,
  RemovalPolicy,
  type aws_sqs as sqs,
  Validations,
} from 'aws-cdk-lib'
import { Construct } from 'constructs'
import { assertCaller, assertFunctionName } from './environment.js'
import { limitEnvironment } from './environmentSize.js'
import { type FunctionKind, functionCode, readPolicy } from './functionCode.js'
import { countWindows } from './guardTable.js'
import { assertNetwork } from './network.js'
import { type KeyPrincipal, toArn } from './principals.js'
import type { SigningFunctionProps } from './SigningFunctionProps.js'
import { signerPolicy } from './signerPolicy.js'
import { signingEnvironment } from './signingEnvironment.js'
import { readVpc } from './vpcSettings.js'

/** The settings that differ between functions. */
export type OwnParts = {
  kind: FunctionKind
  description: string
  timeout: Duration
  /** Whether the function checks the policy, if there is one. */
  isGuarded?: boolean
  /** Environment variables beyond those that all functions have. */
  environment?: Readonly<Record<string, string>>
  /** Permissions beyond signing and logging. */
  statements?: readonly iam.PolicyStatement[]
  /** Queue that receives failed asynchronous invocations. */
  onFailure?: sqs.IQueue
  /** Permissions besides signing that the role has only inside the function. */
  boundActions?: readonly string[]
}

/**
 * A Lambda function that signs with one key. Its own role can do nothing else,
 * and can sign only from this function.
 */
export class SigningFunction extends Construct {
  /** The function. */
  readonly function: lambda.Function
  /** Its role. */
  readonly role: iam.Role
  /**
   * Through this alias, the function only returns its address. Principals that
   * may invoke only this alias can't have anything signed.
   */
  readonly status: lambda.Alias
  readonly #aliases = new Map<string, lambda.Alias>()
  readonly #callers = new Map<string, string>()
  readonly #onFailure: sqs.IQueue | undefined

  constructor(
    scope: Construct,
    id: string,
    props: Omit<SigningFunctionProps, 'signingKey'> & {
      /** Undefined if it has no key. */
      signingKey?: SigningFunctionProps['signingKey']
    },
    own: OwnParts,
  ) {
    super(scope, id)
    assertNetwork(props.network)
    const { onFailure } = own
    this.#onFailure = onFailure
    const functionName = assertFunctionName(props.functionName)
    const { signingKey } = props
    if (props.anyCaller && Object.keys(props.invokers ?? {}).length > 0)
      throw new Error(
        'anyCaller: invokers are set, so nobody else can invoke the ' +
          'functions. Leave out either anyCaller or invokers.',
      )
    const network = readVpc(props)
    const policy =
      own.isGuarded && props.policy !== undefined
        ? readPolicy({ ...props, policy: props.policy })
        : undefined
    const guardTable = policy?.counts ? props.guardTable : undefined
    if (policy?.counts && guardTable === undefined)
      throw new Error(
        'policy: its spending windows need a table in which the functions count what they sign. Set guardTable.',
      )
    const boundActions = [
      ...new Set([
        ...(own.boundActions ?? []),
        ...(guardTable === undefined ? [] : itemWrites),
      ]),
    ]
    const keyArn =
      typeof signingKey === 'object' ? signingKey.keyArn : signingKey
    // CloudFormation chooses the log group's name: the log group outlives the
    // stack, and a fixed name would block the next stack with the same name.
    const logGroup = new logs.LogGroup(this, 'Logs', {
      retention: props.logRetention ?? logs.RetentionDays.ONE_YEAR,
      // If the first deployment fails, the log group is deleted, because nobody
      // would find it again.
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    })
    this.role = new iam.Role(this, 'Role', {
      roleName: functionName,
      description: `${keyArn === undefined ? 'Acts' : 'Signs'} as ${functionName}, and nothing else`,
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    })
    if (typeof signingKey === 'object')
      signingKey.grantSign(this.role, { hasPolicy: policy !== undefined })
    const statements = signerPolicy({
      keyArn,
      functionName,
      logGroupArn: logGroup.logGroupArn,
      kmsVpcEndpointId: props.kmsVpcEndpointId,
      inVpc: props.vpc !== undefined || network !== undefined,
      boundActions,
    })
    for (const statement of [
      ...statements,
      ...(own.statements ?? []),
      ...(guardTable === undefined
        ? []
        : countWindows(guardTable, own.kind, props.guardKeyArn)),
    ])
      this.role.addToPolicy(statement)
    if (onFailure)
      this.role.addToPolicy(
        new iam.PolicyStatement({
          sid: 'KeepFailures',
          actions: ['sqs:SendMessage'],
          resources: [onFailure.queueArn],
        }),
      )
    this.function = new lambda.Function(this, 'Function', {
      functionName,
      description: own.description,
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      handler: 'index.handler',
      code: functionCode(own.kind, policy),
      memorySize: 512,
      timeout: own.timeout,
      role: this.role,
      logGroup,
      loggingFormat: lambda.LoggingFormat.JSON,
      // The code itself omits lines below logLevel. Lambda would drop metrics
      // too, because their lines have no level and count as INFO.
      applicationLogLevelV2: lambda.ApplicationLogLevel.DEBUG,
      // A retried asynchronous call would sign twice; the clock starts the
      // function again anyway.
      retryAttempts: 0,
      ...(onFailure && {
        // CDK's construct would let the role do more than send.
        onFailure: { bind: () => ({ destination: onFailure.queueArn }) },
      }),
      environment: {
        ...signingEnvironment(props, { keyArn, policy, guardTable }),
        ...own.environment,
      },
      ...(props.reservedConcurrentExecutions !== undefined && {
        reservedConcurrentExecutions: props.reservedConcurrentExecutions,
      }),
      ...(props.vpc && { vpc: props.vpc }),
      ...(props.codeSigningConfig && {
        codeSigningConfig: props.codeSigningConfig,
      }),
    })
    limitEnvironment(this.function)
    if (props.vpc || network)
      Validations.of(this.role).acknowledge({
        id: 'AwsSolutions-IAM5[Resource::*]',
        reason:
          'The permissions that Lambda needs to attach a function to a ' +
          "network can't be limited to a resource. A Deny statement keeps " +
          "the function's code from using them.",
      })
    // CDK's construct requires a VPC's id and zones, which Lambda doesn't need.
    if (network)
      (this.function.node.defaultChild as lambda.CfnFunction).vpcConfig =
        network
    this.status = this.#addAlias('status', 'Alias-status')
    for (const [name, principal] of Object.entries(props.invokers ?? {}))
      this.grantInvoke(name, principal)
    Validations.of(this).acknowledge(
      {
        id: 'cdk-validator-cfnguard::cloudwatch_log_group_encrypted_check',
        reason:
          'The log holds request ids, hashes and key ids, and nothing that ' +
          'could sign. CloudWatch encrypts it with its own key.',
      },
      {
        id: 'cdk-validator-cfnguard::lambda_inside_vpc_check',
        reason:
          'A network is optional (subnetIds): the function reaches AWS and ' +
          'its RPC over TLS, and needs no inbound access.',
      },
    )
  }

  /** The alias of each configured caller. */
  get aliases(): ReadonlyMap<string, lambda.Alias> {
    return this.#aliases
  }

  /**
   * Lets a principal invoke the function through its own alias, which
   * identifies it to the function. Once there is a caller, the function refuses
   * invocations that don't come through an alias.
   *
   * @param caller - Name of the caller and its alias.
   * @throws Error for a name or principal that another caller already has.
   */
  grantInvoke(caller: string, principal: KeyPrincipal): lambda.Alias {
    assertCaller(caller)
    return this.#grantInvoke(caller, toArn(`invokers.${caller}`, principal))
  }

  /**
   * Like {@link grantInvoke}, for one of the stack's own roles, whose ARN is
   * known only at deployment.
   */
  grantInvokeRole(caller: string, role: iam.IRole): lambda.Alias {
    assertCaller(caller)
    return this.#grantInvoke(caller, role.roleArn)
  }

  #grantInvoke(caller: string, arn: string): lambda.Alias {
    const namesake = [...this.#callers].find(([, other]) => other === arn)?.[0]
    if (namesake !== undefined)
      throw new Error(
        `invokers: ${arn} has the names ${quote(namesake)} and ${quote(caller)}. Each principal can have only one name. Keep one of them, or give the other caller an ARN of its own.`,
      )
    if (this.#callers.has(caller))
      throw new Error(
        `invokers: the name ${quote(caller)} already belongs to ${this.#callers.get(caller)}. Choose another name for ${arn}.`,
      )
    if (this.#callers.size === 0)
      this.function.addEnvironment(
        'KEYWARD_CALLERS',
        Lazy.string({ produce: () => [...this.#callers.keys()].join(',') }),
      )
    this.#callers.set(caller, arn)
    const alias = this.#addAlias(caller, `Caller-${caller}`)
    this.#letIn(alias, `Invoke-${caller}`, arn)
    this.#aliases.set(caller, alias)
    return alias
  }

  /**
   * An alias for operations that only some principals may request. It doesn't
   * belong to a caller, and the function doesn't list it as one.
   *
   * @param principals - ARNs of the only principals that may invoke it.
   */
  addOwnAlias(name: string, principals: readonly string[]): lambda.Alias {
    const alias = this.#addAlias(name, `Alias-${name}`)
    for (const [index, arn] of [...new Set(principals)].entries())
      this.#letIn(alias, `Invoke-${name}-${index}`, arn)
    return alias
  }

  #addAlias(aliasName: string, id: string): lambda.Alias {
    const alias = new lambda.Alias(this, id, {
      aliasName,
      version: this.function.currentVersion as lambda.IVersion,
    })
    // The function's settings don't apply to its aliases. The alias `status`
    // needs none, because a repeated status request does no harm.
    if (aliasName !== 'status')
      new lambda.CfnEventInvokeConfig(this, `Async-${aliasName}`, {
        functionName: this.function.functionName,
        qualifier: aliasName,
        maximumRetryAttempts: 0,
        ...(this.#onFailure && {
          destinationConfig: {
            onFailure: { destination: this.#onFailure.queueArn },
          },
        }),
      }).node.addDependency(alias)
    return alias
  }

  #letIn(alias: lambda.Alias, id: string, principal: string): void {
    new lambda.CfnPermission(this, id, {
      action: 'lambda:InvokeFunction',
      functionName: alias.functionArn,
      principal,
    })
  }
}
