import { itemWrites } from '@keyward/iam/ledger-policy'
import {
  Annotations,
  Duration,
  aws_dynamodb as dynamodb,
  type aws_events as events,
  aws_iam as iam,
  type aws_lambda as lambda,
  RemovalPolicy,
  aws_sqs as sqs,
  Validations,
} from 'aws-cdk-lib'
import { Construct } from 'constructs'
import { close } from './closedTable.js'
import { decryptSecrets, useTableKey } from './customerKeys.js'
import {
  assertConfirmations,
  assertCustomerKey,
  assertFinalEndpoints,
  assertForeign,
  assertGwei,
  assertNewLedger,
  assertWebhook,
} from './environment.js'
import { createLedger, findLedger, keepLedger } from './ledgerTable.js'
import { type KeyPrincipal, toArns } from './principals.js'
import { rpcSettings, sendRpcSettings } from './rpcSettings.js'
import type { SendingProps } from './SendingProps.js'
import { SigningFunction } from './SigningFunction.js'
import type { SigningFunctionProps } from './SigningFunctionProps.js'
import { readSecrets } from './secrets.js'
import { startEachMinute } from './startEachMinute.js'

/** Properties of a {@link Sender}. */
export interface SenderProps
  extends SendingProps,
    Omit<SigningFunctionProps, 'functionName'> {
  /** Prefix of the functions' names, before `-sender` and `-reconciler`. */
  readonly name: string
  /**
   * Roles and users that may repair the ledger, and assign a transaction that
   * the repair found to a request, through the reconciler's alias `admin`.
   *
   * @default - nobody, except by IAM policies elsewhere
   */
  readonly administrators?: readonly KeyPrincipal[]
  /**
   * Makes this a relayer: the address of the only Safe whose `execTransaction`
   * it sends, or `none` if there is no Safe yet, in which case it sends
   * nothing.
   *
   * @default - not a relayer; it sends what its callers request
   */
  readonly relayedSafe?: string
  /**
   * How many times one transaction may be signed, including replacements at
   * higher fees.
   *
   * @default - the functions' own
   */
  readonly maxSignatures?: number
}

/**
 * Turns a request into one mined transaction: a function that accepts requests
 * to send, one that the clock starts to finish them, and the table in which
 * both record each step before they take it.
 */
export class Sender extends Construct {
  /** The function that callers invoke. */
  readonly sender: SigningFunction
  /** The function that the clock starts each minute. */
  readonly reconciler: SigningFunction
  /** The alias through which administrators invoke the reconciler. */
  readonly admin: lambda.Alias
  readonly ledger: dynamodb.ITableV2
  /** Keeps refused or failed asynchronous requests for two weeks. */
  readonly failures: sqs.IQueue
  /** The rule that starts the reconciler. */
  readonly clock: events.Rule
  /** ARNs of the secrets and parameters that contain its settings. */
  readonly secretArns: readonly string[]

  constructor(scope: Construct, id: string, props: SenderProps) {
    super(scope, id)
    const { name, invokers, reservedConcurrentExecutions, ...shared } = props
    const administrators = toArns('administrators', props.administrators ?? [])
    const rpc = rpcSettings(props.rpcUrl, props.rpcAuth)
    const sendRpc = sendRpcSettings(props.sendRpcUrl)
    const webhook = assertWebhook(
      props.webhookUrl,
      props.webhookSecretArn,
      props.network,
    )
    if (rpc.holdsKey || sendRpc.holdsKey)
      Annotations.of(this).addWarningV2(
        'keyward:rpcUrl',
        'rpcUrl seems to contain a key, which anybody who can view the stack ' +
          'or the functions can read. Put the URL into a Secrets Manager ' +
          'secret or an SSM parameter, and set rpcUrl to its ARN.',
      )
    const ledgerWriters = toArns('ledgerWriters', props.ledgerWriters ?? [])
    const {
      existingLedgerTable: existing,
      ledgerKeyArn,
      secretKeyArns = [],
    } = props
    if (ledgerKeyArn !== undefined)
      assertCustomerKey('ledgerKeyArn', ledgerKeyArn)
    for (const arn of secretKeyArns) assertCustomerKey('secretKeyArns', arn)
    const table =
      existing === undefined
        ? createLedger(this, ledgerKeyArn)
        : findLedger(this, name, existing)
    // aws-cdk-lib's types don't support exactOptionalPropertyTypes.
    this.ledger = table as dynamodb.ITableV2
    const environment = {
      LEDGER_TABLE: this.ledger.tableName,
      ...rpc.environment,
      ...sendRpc.environment,
      ...(props.finalEndpoints !== undefined && {
        FINAL_ENDPOINTS: assertFinalEndpoints(props.finalEndpoints),
      }),
      ...webhook.environment,
      ...(props.maxFeeGwei !== undefined && {
        MAX_FEE_GWEI: assertGwei('maxFeeGwei', props.maxFeeGwei),
      }),
      ...(props.minTipGwei !== undefined && {
        MIN_TIP_GWEI: assertGwei('minTipGwei', props.minTipGwei),
      }),
      ...(props.confirmations !== undefined && {
        CONFIRMATIONS: assertConfirmations(props.confirmations),
      }),
      ...(props.allowContractCreation === true && {
        ALLOW_CONTRACT_CREATION: 'true',
      }),
      ...(props.relayedSafe !== undefined && {
        RELAYED_SAFE: props.relayedSafe,
      }),
      ...(props.maxSignatures !== undefined && {
        MAX_SIGNATURES: String(props.maxSignatures),
      }),
      ...(props.maxForeign !== undefined && {
        MAX_FOREIGN: assertForeign(props.maxForeign),
      }),
      ...(props.newLedger !== undefined && {
        NEW_LEDGER: assertNewLedger(props.newLedger, props.network),
      }),
    }
    const secretArns = [...rpc.secretArns, ...sendRpc.secretArns]
    this.secretArns = [...secretArns, ...webhook.secretArns]
    if (secretKeyArns.length > 0 && this.secretArns.length === 0)
      throw new Error(
        'secretKeyArns: no setting is in a secret or parameter, so there is ' +
          'nothing to decrypt with these keys. Leave secretKeyArns out.',
      )
    const statements = () => [
      ...keepLedger(this.ledger),
      ...useTableKey('UseLedgerKey', ledgerKeyArn),
      ...decryptSecrets(secretKeyArns),
      ...(rpc.isSigned ? [askManagedBlockchain()] : []),
    ]
    this.failures = createFailures(this)
    this.sender = new SigningFunction(
      this,
      'Function',
      {
        ...shared,
        functionName: `${name}-sender`,
        ...(invokers !== undefined && { invokers }),
        ...(reservedConcurrentExecutions !== undefined && {
          reservedConcurrentExecutions,
        }),
      },
      {
        kind: 'sender',
        description: 'Sends transactions, each request once',
        timeout: Duration.seconds(30),
        isGuarded: true,
        environment,
        statements: [...statements(), ...readSecrets(secretArns)],
        onFailure: this.failures,
        boundActions: itemWrites,
      },
    )
    this.reconciler = new SigningFunction(
      this,
      'Reconciler',
      {
        ...shared,
        functionName: `${name}-reconciler`,
        // 0 stops everything that signs; any other number limits only callers.
        ...(reservedConcurrentExecutions === 0 && {
          reservedConcurrentExecutions,
        }),
      },
      {
        kind: 'reconciler',
        description: 'Finishes the transactions that the sender began',
        timeout: Duration.minutes(2),
        isGuarded: true,
        environment: { ...environment, ...webhook.secret },
        statements: [...statements(), ...readSecrets(this.secretArns)],
        boundActions: itemWrites,
      },
    )
    if (table instanceof dynamodb.TableV2)
      close(table, [
        this.sender.role.roleArn,
        this.reconciler.role.roleArn,
        ...ledgerWriters,
      ])
    this.admin = this.reconciler.addOwnAlias('admin', administrators)
    this.clock = startEachMinute(this, `${name}-reconciler`, this.reconciler)
    if (rpc.isSigned)
      for (const { role } of [this.sender, this.reconciler])
        Validations.of(role).acknowledge({
          id: 'AwsSolutions-IAM5[Resource::*]',
          reason: 'Requests to Managed Blockchain nodes have no resource.',
        })
  }
}

/**
 * An asynchronous caller is no longer there to receive an error. A message in
 * this queue contains the original request and the reason. Nothing retries it
 * automatically.
 */
function createFailures(scope: Construct): sqs.Queue {
  const queue = new sqs.Queue(scope, 'Failures', {
    encryption: sqs.QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
    removalPolicy: RemovalPolicy.DESTROY,
  })
  const reason =
    'This queue receives failed requests; nothing reads it automatically.'
  Validations.of(queue).acknowledge(
    { id: 'AwsSolutions-SQS3', reason },
    { id: 'cdk-validator-cfnguard::sqs_dlq_check', reason },
  )
  return queue
}

function askManagedBlockchain(): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'AskManagedBlockchain',
    actions: [
      'managedblockchain:POST',
      'managedblockchain:InvokeRpcPolygonMainnet',
    ],
    resources: ['*'],
  })
}
