import { itemWrites, ledgerPolicyDocument } from '@keyward/iam/ledger-policy'
import {
  Annotations,
  Duration,
  aws_dynamodb as dynamodb,
  aws_events as events,
  aws_iam as iam,
  type aws_lambda as lambda,
  RemovalPolicy,
  aws_sqs as sqs,
  aws_events_targets as targets,
  Validations,
} from 'aws-cdk-lib'
import { Construct } from 'constructs'
import {
  assertCustomerKey,
  type CustomerKeys,
  decryptSecrets,
  useLedgerKey,
} from './customerKeys.js'
import {
  assertConfirmations,
  assertFinalEndpoints,
  assertForeign,
  assertGwei,
  assertNewLedger,
  assertTableName,
  assertWebhook,
} from './environment.js'
import { type KeyPrincipal, toArns } from './principals.js'
import { rpcSettings, sendRpcSettings } from './rpcSettings.js'
import {
  SigningFunction,
  type SigningFunctionProps,
} from './SigningFunction.js'
import { readSecrets } from './secrets.js'

/** What only the functions that send are told. */
export interface SendingProps extends CustomerKeys {
  /**
   * Where the chain is: one or several URLs in order of preference, comma
   * separated, or the ARN of a Secrets Manager secret or SSM parameter that
   * has them. A provider's URL holds a key: keep it in a secret.
   *
   * @default - none, and so no sender; for network `local` the home's chain
   */
  readonly rpcUrl?: string
  /**
   * How the endpoints know the functions: `none`, `sigv4` (Amazon Managed
   * Blockchain), or `bearer:` and the ARN of a secret or parameter.
   *
   * @default 'none'
   */
  readonly rpcAuth?: string
  /**
   * Where signed transactions go, and nowhere else: as rpcUrl, of a relay that
   * keeps them from the public.
   *
   * @default - rpcUrl
   */
  readonly sendRpcUrl?: string
  /**
   * How many providers must have the block of a transaction before it is
   * final: 1 or 2.
   *
   * @default 2; 1 where rpcUrl names endpoints of one provider
   */
  readonly finalEndpoints?: number
  /**
   * No transaction pays more for a unit of gas, in gwei.
   *
   * @default - that of the functions
   */
  readonly maxFeeGwei?: string
  /**
   * No tip is below this, in gwei.
   *
   * @default - what the network is known to ask for
   */
  readonly minTipGwei?: string
  /**
   * Blocks after which a transaction counts as mined for good.
   *
   * @default - that of the functions
   */
  readonly confirmations?: number
  /**
   * Whether contracts may be created.
   *
   * @default false
   */
  readonly allowContractCreation?: boolean
  /**
   * Is told when a transaction comes to its end, over https.
   *
   * @default - nobody
   */
  readonly webhookUrl?: string
  /**
   * ARN of the Secrets Manager secret or SSM parameter with the key that
   * signs what the webhook is told.
   *
   * @default - none; required with webhookUrl
   */
  readonly webhookSecretArn?: string
  /**
   * Name of a table that an earlier stack of the same account left. It knows
   * which nonces are taken and which requests were sent: without it a request
   * that is repeated would be paid again.
   *
   * @default - the stack makes a table
   */
  readonly existingLedgerTable?: string
  /**
   * Roles and users that write the ledger beside the functions: those who run
   * the sender of the library elsewhere, with this key. The table's policy
   * denies writing to everybody else. They are not bound to a function, so
   * whoever has their credentials can have the functions sign payments.
   *
   * @default - the functions alone write
   */
  readonly ledgerWriters?: readonly KeyPrincipal[]
  /**
   * How many transactions of others with this key may come at once before the
   * sender accepts nothing more, until they are final. What the stack's own
   * signers sign counts as others'. A whole number, or `unlimited`.
   *
   * @default - that of the functions, 3
   */
  readonly maxForeign?: number | 'unlimited'
  /**
   * Says that the ledger begins here although the account has sent before: the
   * number of transactions that it has sent, as text. It holds only while the
   * chain has this count and the ledger no row of the account. `any` leaves
   * the count out, for network `local` only.
   *
   * @default - an account that has sent before needs its ledger
   */
  readonly newLedger?: string
}

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
      ...useLedgerKey(ledgerKeyArn),
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
    const clock = this.reconciler.addOwnAlias('clock', [])
    this.clock = new events.Rule(this, 'Schedule', {
      description: `Starts ${name}-reconciler`,
      schedule: events.Schedule.rate(Duration.minutes(1)),
      targets: [
        new targets.LambdaFunction(clock as lambda.IFunction, {
          retryAttempts: 0,
          maxEventAge: Duration.minutes(1),
        }),
      ],
    })
    if (rpc.isSigned)
      for (const { role } of [this.sender, this.reconciler])
        Validations.of(role).acknowledge({
          id: 'AwsSolutions-IAM5[Resource::*]',
          reason: 'Requests to Managed Blockchain nodes have no resource.',
        })
  }
}

/**
 * The table as docs/ledger.md describes it. It stays when the stack goes, like
 * the key: what it knows is what keeps a request from being paid twice. So its
 * name is CloudFormation's to choose.
 */
function createLedger(
  scope: Construct,
  keyArn: string | undefined,
): dynamodb.TableV2 {
  const text = (name: string) => ({
    name,
    type: dynamodb.AttributeType.STRING,
  })
  const table = new dynamodb.TableV2(scope, 'Ledger', {
    partitionKey: text('pk'),
    sortKey: text('sk'),
    globalSecondaryIndexes: [
      {
        indexName: 'open',
        partitionKey: text('open'),
        sortKey: text('created'),
        projectionType: dynamodb.ProjectionType.KEYS_ONLY,
      },
      {
        indexName: 'caller',
        partitionKey: text('callerOf'),
        sortKey: text('created'),
        projectionType: dynamodb.ProjectionType.KEYS_ONLY,
      },
    ],
    billing: dynamodb.Billing.onDemand(),
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
  })
  if (keyArn !== undefined) {
    // The construct wants to know the Region for that.
    const resource = table.node.defaultChild as dynamodb.CfnGlobalTable
    resource.sseSpecification = { sseEnabled: true, sseType: 'KMS' }
    resource.addPropertyOverride('Replicas.0.SSESpecification', {
      KMSMasterKeyId: keyArn,
    })
  }
  return table
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

/** A table that was there before: its policy is not CloudFormation's to set. */
function findLedger(
  scope: Construct,
  name: string,
  existing: string,
): dynamodb.ITable {
  const table = assertTableName(existing)
  Annotations.of(scope).addWarningV2(
    'keyward:ledgerPolicy',
    `existingLedgerTable: CloudFormation can't set the resource policy of a table that the stack does not make. Until the table has one, whoever may write to it by IAM can have the key sign payments. keyward deploy sets it; after cdk deploy, run keyward ledger protect ${table} --stack ${name}.`,
  )
  return dynamodb.TableV2.fromTableName(scope, 'Ledger', table)
}

/** Whoever writes a row has the key sign, so the table is closed like the key. */
function close(table: dynamodb.TableV2, writers: readonly string[]): void {
  const { Statement } = ledgerPolicyDocument({ writers })
  for (const statement of Statement)
    table.addToResourcePolicy(iam.PolicyStatement.fromJson(statement))
}

/** No Scan and no DeleteItem: nothing in the ledger is ever removed. */
function keepLedger({ tableArn }: dynamodb.ITableV2): iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({
      sid: 'ReadLedger',
      actions: ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'],
      resources: [
        tableArn,
        ...['open', 'caller'].map((index) => `${tableArn}/index/${index}`),
      ],
    }),
    new iam.PolicyStatement({
      sid: 'WriteLedger',
      actions: ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
      resources: [tableArn],
    }),
  ]
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
