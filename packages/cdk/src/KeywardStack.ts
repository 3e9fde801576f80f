import { quote } from '@keyward/iam/quote'
import {
  CfnOutput,
  DefaultStackSynthesizer,
  type IStackSynthesizer,
  Stack,
  type StackProps,
  aws_sns as sns,
  Token,
} from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { FunctionAlarms } from './FunctionAlarms.js'
import { KeyAlarms } from './KeyAlarms.js'
import { ManagedBlockchainAccess } from './ManagedBlockchainAccess.js'
import { assertNetwork } from './network.js'
import { Sender, type SendingProps } from './Sender.js'
import { SignerFunction, type SignerFunctionProps } from './SignerFunction.js'
import { SigningKey, type SigningKeyProps } from './SigningKey.js'

type FromFunction = Omit<
  SignerFunctionProps,
  'functionName' | 'kind' | 'signingKey'
>

/**
 * Properties of a {@link KeywardStack}: those of its key and of its functions.
 */
export interface KeywardStackProps
  extends StackProps,
    FromFunction,
    SendingProps,
    Partial<Omit<SigningKeyProps, 'alias' | 'description'>> {
  /**
   * Name of the key's alias, with `alias/`.
   *
   * @default - `alias/` and the name of the stack
   */
  readonly alias?: string
  /**
   * ARN of a key that exists: made in the console, imported, or kept from an
   * earlier stack. The stack then has functions only: `address` is required,
   * what is about making a key is refused, and the key's own policy must let
   * the functions' roles sign.
   *
   * @default - the stack makes a key
   */
  readonly existingKeyArn?: string
  /**
   * ARN of the SNS topic that is told of every change to who can sign.
   *
   * @default - nobody is told
   */
  readonly alarmTopicArn?: string
  /**
   * Whether the functions are there that sign and do not send.
   *
   * @default true
   */
  readonly signers?: boolean
  /**
   * Whether the functions and the table are there that send.
   *
   * @default - true with `rpcUrl`, and for network `local`
   */
  readonly sender?: boolean
  /**
   * Access to Amazon Managed Blockchain, which ends on 29 September 2027.
   *
   * @default false
   */
  readonly managedBlockchain?: boolean
}

const kinds = {
  Eip1559: 'eip1559-signer',
  Legacy: 'legacy-signer',
} as const

/**
 * One key, the two functions that sign with it, and those that send, all
 * called after the stack. Names of IAM roles are unique in an account: stacks of one name in
 * two Regions are not possible.
 */
export class KeywardStack extends Stack {
  /** Undefined when an existing key is used. */
  readonly signingKey: SigningKey | undefined
  /** Undefined with `signers: false`. */
  readonly eip1559Signer: SignerFunction | undefined
  readonly legacySigner: SignerFunction | undefined
  /** Undefined without an RPC endpoint. */
  readonly sender: Sender | undefined

  constructor(scope: Construct, id: string, props: KeywardStackProps) {
    super(scope, id, {
      synthesizer: new DefaultStackSynthesizer({
        generateBootstrapVersionRule: false,
      }) as IStackSynthesizer,
      description:
        'Ethereum account in AWS KMS, and the functions that sign and send',
      ...props,
    })
    assertNetwork(props.network)
    assertPin(props)
    assertOneKey(props)
    const { existingKeyArn } = props
    const name = this.stackName
    const alias = props.alias ?? `alias/${name}`
    if (existingKeyArn === undefined)
      this.signingKey = new SigningKey(this, 'SigningKey', {
        ...props,
        administrators: props.administrators ?? [],
        alias,
        description: `Ethereum account, signed for by ${name}`,
      })
    const key = this.signingKey ?? assertKeyArn(existingKeyArn)
    for (const [name, arn] of [
      ['existingKeyArn', existingKeyArn],
      ['alarmTopicArn', props.alarmTopicArn],
      ['ledgerKeyArn', props.ledgerKeyArn],
    ] as const)
      assertRegion(name, arn, this.region)
    const signer = (construct: keyof typeof kinds) =>
      new SignerFunction(this, construct, {
        ...props,
        kind: kinds[construct],
        functionName: `${name}-${kinds[construct]}`,
        signingKey: key,
      })
    if (props.signers !== false) {
      this.eip1559Signer = signer('Eip1559')
      this.legacySigner = signer('Legacy')
    }
    if (sends(props))
      this.sender = new Sender(this, 'Sender', {
        ...props,
        name,
        signingKey: key,
      })
    const keyArn = typeof key === 'string' ? key : key.keyArn
    this.#output(keyArn, alias)
    // A role is called as its function is.
    const names = [
      ...(this.eip1559Signer ? Object.values(kinds) : []),
      ...(this.sender ? ['sender', 'reconciler'] : []),
    ].map((kind) => `${name}-${kind}`)
    if (props.alarmTopicArn !== undefined) {
      const arn = assertTopicArn(props.alarmTopicArn)
      const topic = sns.Topic.fromTopicArn(this, 'Topic', arn)
      new KeyAlarms(this, 'Alarms', {
        topic,
        keyArn,
        ...(this.signingKey && { aliasName: alias }),
        functionNames: names,
        roleNames: names,
        ...(this.sender && {
          ledgerTableName: this.sender.ledger.tableName,
          secretArns: this.sender.secretArns,
          clockRuleName: this.sender.clock.ruleName,
        }),
      })
      new FunctionAlarms(this, 'FunctionAlarms', {
        topic,
        functionNames: names,
        ...(this.sender && {
          reconcilerName: `${name}-reconciler`,
          failures: this.sender.failures,
        }),
      })
    }
    if (props.managedBlockchain) new ManagedBlockchainAccess(this, 'Amb')
  }

  #output(keyArn: string, alias: string): void {
    const output = (id: string, value: string, description: string) =>
      new CfnOutput(this, id, { value, description })
    if (this.signingKey) {
      output('KeyId', this.signingKey.keyId, 'Id of the KMS key')
      output('KeyAlias', alias, 'Alias of the KMS key')
    }
    output('KeyArn', keyArn, 'ARN of the KMS key')
    for (const [id, made] of Object.entries({
      Eip1559Signer: this.eip1559Signer,
      LegacySigner: this.legacySigner,
      Sender: this.sender?.sender,
      Reconciler: this.sender?.reconciler,
    })) {
      if (made === undefined) continue
      const { function: fn, aliases } = made
      output(`${id}Name`, fn.functionName, 'Name of the function')
      output(`${id}Arn`, fn.functionArn, 'ARN of the function')
      for (const [caller, alias] of aliases)
        output(
          // An output's id has letters and digits only.
          `${id}For${caller.replace(/[-_]/g, (sign) => (sign === '-' ? 'Dash' : 'Underscore'))}`,
          alias.functionArn,
          `What ${caller} invokes`,
        )
    }
    if (this.sender === undefined) return
    output(
      'ReconcilerAdminArn',
      this.sender.admin.functionArn,
      'What administrators invoke to repair the ledger',
    )
    output(
      'FailuresQueue',
      this.sender.failures.queueUrl,
      'Asynchronous requests that were refused or failed',
    )
    output(
      'LedgerTable',
      this.sender.ledger.tableName,
      'Name of the table that knows what was sent',
    )
  }
}

/** What only the functions that send are told. */
const ofSending = [
  'allowContractCreation',
  'confirmations',
  'existingLedgerTable',
  'finalEndpoints',
  'ledgerKeyArn',
  'ledgerWriters',
  'maxFeeGwei',
  'maxForeign',
  'newLedger',
  'minTipGwei',
  'rpcAuth',
  'secretKeyArns',
  'sendRpcUrl',
  'webhookSecretArn',
  'webhookUrl',
] as const satisfies readonly (keyof SendingProps)[]

/** Whether the stack sends; what would then have no meaning is refused. */
function sends(props: KeywardStackProps): boolean {
  const hasChain = props.rpcUrl !== undefined || props.network === 'local'
  const { sender = hasChain } = props
  if (sender && !hasChain)
    throw new Error(
      'sender: needs rpcUrl, where the chain is. Give it, or leave sender out.',
    )
  const given = ofSending.filter((name) => props[name] !== undefined)
  if (!sender && given.length > 0)
    throw new Error(
      `${given.join(', ')}: the stack does not send, so there is nobody to be told. ${hasChain ? 'Leave sender: false out' : 'Give rpcUrl'}, or leave them out.`,
    )
  if (!sender && props.signers === false)
    throw new Error(
      'signers: false leaves a stack without functions. Give rpcUrl to have the functions that send, or leave signers out.',
    )
  return sender
}

/** What is about making a key, as against using one. */
const ofMaking = [
  'administrators',
  'alias',
  'breakGlass',
  'deployers',
  'importers',
  'importExpiration',
  'minimumDeletionWindowDays',
  'origin',
  'removalPolicy',
  'users',
] as const satisfies readonly (keyof SigningKeyProps)[]

/** Ignoring a role would look as if the existing key's policy had it. */
function assertOneKey(props: KeywardStackProps): void {
  if (props.existingKeyArn === undefined) return
  const given = ofMaking.filter((name) => props[name] !== undefined)
  if (given.length > 0)
    throw new Error(
      `existingKeyArn: a key that exists keeps its policy, alias and origin, so ${given.join(', ')} cannot be given with it. Leave them out, or leave existingKeyArn out to have a key made.`,
    )
}

/** The functions ask in their own Region; so do rules that tell a topic. */
function assertRegion(
  name: string,
  arn: string | undefined,
  region: string,
): void {
  const [, , , found] = arn?.split(':') ?? []
  if (found === undefined || Token.isUnresolved(arn)) return
  if (Token.isUnresolved(region) || found === region) return
  throw new Error(
    `${name}: it is in ${found}, and the stack in ${region}. Deploy the stack to ${found}, or name one of ${region}.`,
  )
}

function assertTopicArn(arn: string): string {
  if (
    Token.isUnresolved(arn) ||
    /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/.test(arn)
  )
    return arn
  throw new Error(
    `alarmTopicArn: ${quote(arn)} is no ARN of an SNS topic. Allowed: arn:aws:sns:REGION:ACCOUNT:NAME.`,
  )
}

/** A key that the stack did not make is used only as the account it is. */
function assertPin(props: KeywardStackProps): void {
  if (props.address !== undefined) return
  const foreign =
    props.existingKeyArn !== undefined || props.origin === 'EXTERNAL'
  if (foreign)
    throw new Error(
      'address: required for a key of origin EXTERNAL and for existingKeyArn, so that the functions sign as the account you mean and no other.',
    )
}

function assertKeyArn(arn: string | undefined): string {
  if (
    arn !== undefined &&
    !Token.isUnresolved(arn) &&
    /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[a-z0-9-]{36}$/.test(arn)
  )
    return arn
  throw new Error(
    `existingKeyArn: ${quote(arn)} is no ARN of a KMS key. Allowed: arn:aws:kms:REGION:ACCOUNT:key/UUID; not an alias, which may be moved to another key.`,
  )
}
