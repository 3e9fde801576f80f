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
  /** The functions are this with `-sender` and `-reconciler`. */
  readonly name: string
  /**
   * Roles and users that may have the ledger repaired, and have a transaction
   * that repair found taken for a request: through the reconciler's alias
   * `admin`.
   *
   * @default - nobody, except by IAM policies elsewhere
   */
  readonly administrators?: readonly KeyPrincipal[]
  /**
   * Address of the Safe whose `execTransaction` is all that it sends, or `none`
   * where there is no Safe yet and nothing is sent.
   *
   * @default - it is no relayer, and sends what its callers ask for
   */
  readonly relayedSafe?: string
  /**
   * How often one transaction is signed at most: at first, and when it is
   * replaced at higher fees.
   *
   * @default - that of the functions
   */
  readonly maxSignatures?: number
}

/**
 * From a request to one mined transaction: a function that is asked to send,
 * one that the clock starts to bring to an end what was begun, and the table
 * in which both write what they do before they do it.
 */
export class Sender extends Construct {
  /** Is invoked by callers. */
  readonly sender: SigningFunction
  /** Is started by the clock, each minute. */
  readonly reconciler: SigningFunction
  /** The reconciler as its administrators invoke it. */
  readonly admin: lambda.Alias
  readonly ledger: dynamodb.ITableV2
  /** Asynchronous requests that were refused or failed, for two weeks. */
  readonly failures: sqs.IQueue
  /** Starts the reconciler. */
  readonly clock: events.Rule
  /** What its settings are kept in. */
  readonly secretArns: readonly string[]

  constructor(scope: Construct, id: string, props: SenderProps) {
    super(scope, id)
    const { name, invokers, reservedConcurrentExecutions, ...shared } = props
    const administrators = toArns('administrators', props.administrators ?? [])
    const rpc = rpcSettings(props.rpcUrl, props.rpcAuth)
    const sendRpc = sendRpcSettings(props.sendRpcUrl)
    const webhook = assertWebhook(props.webhookUrl, props.webhookSecretArn)
    if (rpc.holdsKey || sendRpc.holdsKey)
      Annotations.of(this).addWarningV2(
        'keyward:rpcUrl',
        'rpcUrl looks as if it held a key, which everybody who may look at the stack or the functions can read. Put it into a Secrets Manager secret or an SSM parameter, and give its ARN.',
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
    // aws-cdk-lib is not written for exactOptionalPropertyTypes.
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
        'secretKeyArns: no setting is kept in a secret or parameter, so that nothing is decrypted with them. Leave them out.',
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
        // 0 stops all that signs; any other figure is about callers.
        ...(reservedConcurrentExecutions === 0 && {
          reservedConcurrentExecutions,
        }),
      },
      {
        kind: 'reconciler',
        description: 'Brings to an end what the sender began',
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
 * Who invokes asynchronously is not there any more to be told. A request here
 * is as it came, with the reason: nothing takes it up again by itself.
 */
function createFailures(scope: Construct): sqs.Queue {
  const queue = new sqs.Queue(scope, 'Failures', {
    encryption: sqs.QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
    removalPolicy: RemovalPolicy.DESTROY,
  })
  const reason =
    'It is itself where what failed goes; nothing reads it by itself.'
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
