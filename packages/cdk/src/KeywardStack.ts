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
import { KeyAlarms } from './KeyAlarms.js'
import { ManagedBlockchainAccess } from './ManagedBlockchainAccess.js'
import { assertNetwork } from './network.js'
import { quote } from './quote.js'
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
 * One key, and the two functions that sign with it, all called after the
 * stack. Names of IAM roles are unique in an account: stacks of one name in
 * two Regions are not possible.
 */
export class KeywardStack extends Stack {
  /** Undefined when an existing key is used. */
  readonly signingKey: SigningKey | undefined
  readonly eip1559Signer: SignerFunction
  readonly legacySigner: SignerFunction

  constructor(scope: Construct, id: string, props: KeywardStackProps) {
    super(scope, id, {
      synthesizer: new DefaultStackSynthesizer({
        generateBootstrapVersionRule: false,
      }) as IStackSynthesizer,
      description: 'Ethereum account in AWS KMS, and the functions that sign',
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
    const signer = (construct: keyof typeof kinds) =>
      new SignerFunction(this, construct, {
        ...props,
        kind: kinds[construct],
        functionName: `${name}-${kinds[construct]}`,
        signingKey: key,
      })
    this.eip1559Signer = signer('Eip1559')
    this.legacySigner = signer('Legacy')
    const keyArn = typeof key === 'string' ? key : key.keyArn
    this.#output(keyArn, alias)
    if (props.alarmTopicArn !== undefined)
      new KeyAlarms(this, 'Alarms', {
        topic: sns.Topic.fromTopicArn(
          this,
          'Topic',
          assertTopicArn(props.alarmTopicArn),
        ),
        keyArn,
        ...(this.signingKey && { aliasName: alias }),
        functionNames: Object.values(kinds).map((kind) => `${name}-${kind}`),
        roleNames: Object.values(kinds).map((kind) => `${name}-${kind}`),
      })
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
    for (const [id, { function: fn, aliases }] of Object.entries({
      Eip1559Signer: this.eip1559Signer,
      LegacySigner: this.legacySigner,
    })) {
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
  }
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
