import { type SignerKind, senderKinds } from '@keyward/iam/functions'
import { guardTag } from '@keyward/iam/key-policy'
import {
  CfnOutput,
  DefaultStackSynthesizer,
  aws_dynamodb as dynamodb,
  type IStackSynthesizer,
  Stack,
  aws_sns as sns,
  Tags,
  Token,
} from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import {
  assertGuarded,
  assertOneKey,
  assertOthers,
  assertPin,
  assertRegion,
  sends,
} from './assertStack.js'
import { close } from './closedTable.js'
import { assertKeyArn, assertTopicArn } from './environment.js'
import { FunctionAlarms } from './FunctionAlarms.js'
import { assertFips } from './fips.js'
import { readPolicy } from './functionCode.js'
import { GuardReconciler } from './GuardReconciler.js'
import { createGuardTable } from './guardTable.js'
import { KeyAlarms } from './KeyAlarms.js'
import type { KeywardStackProps } from './KeywardStackProps.js'
import { ManagedBlockchainAccess } from './ManagedBlockchainAccess.js'
import { assertNetwork } from './network.js'
import { toArns } from './principals.js'
import { Sender } from './Sender.js'
import { SignerFunction } from './SignerFunction.js'
import type { SigningFunction } from './SigningFunction.js'
import { SigningKey } from './SigningKey.js'

const kinds = {
  Eip1559: 'eip1559-signer',
  Legacy: 'legacy-signer',
  Message: 'message-signer',
} as const satisfies Record<string, SignerKind>

/**
 * One key, the functions that sign with it, and those that send, all named
 * after the stack. IAM role names are unique in an account, so two stacks can't
 * have the same name, even in different Regions.
 */
export class KeywardStack extends Stack {
  /** Undefined if the stack uses an existing key. */
  readonly signingKey: SigningKey | undefined
  /** Undefined if `signers` is false. */
  readonly eip1559Signer: SignerFunction | undefined
  readonly legacySigner: SignerFunction | undefined
  /** Exists only with a policy. */
  readonly messageSigner: SignerFunction | undefined
  /** Undefined without an RPC endpoint. */
  readonly sender: Sender | undefined
  /**
   * Exists only in a stack that signs, doesn't send, and has a policy with
   * windows.
   */
  readonly guardReconciler: GuardReconciler | undefined

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
    assertOthers(props, this)
    const { existingKeyArn } = props
    const name = this.stackName
    const alias = props.alias ?? `alias/${name}`
    const counts =
      props.policy !== undefined &&
      readPolicy({ ...props, policy: props.policy }).counts
    if (!Token.isUnresolved(this.region))
      assertFips({ ...props }, this.region, { counts })
    if (!counts && props.existingGuardTable !== undefined)
      throw new Error(
        'existingGuardTable: the stack has no policy with spending windows, so there is ' +
          'nothing to count. Add windows to the policy, or leave existingGuardTable out.',
      )
    if (!counts && props.guardKeyArn !== undefined)
      throw new Error(
        'guardKeyArn: the stack has no policy with spending windows, so there is no ' +
          'table to encrypt. Leave guardKeyArn out.',
      )
    const { existingGuardTable, guardKeyArn } = props
    const guardTable = counts
      ? createGuardTable(this, name, existingGuardTable, guardKeyArn)
      : undefined
    if (existingKeyArn === undefined)
      this.signingKey = new SigningKey(this, 'SigningKey', {
        ...props,
        administrators: props.administrators ?? [],
        ...(guardTable && { guardTableArn: guardTable.tableArn }),
        isGuarded: props.policy !== undefined && props.unguardedUsers !== true,
        alias,
        description: `Ethereum account, signed for by ${name}`,
      })
    assertGuarded(props)
    const key = this.signingKey ?? assertKeyArn(existingKeyArn ?? '')
    for (const [name, arn] of [
      ['existingKeyArn', existingKeyArn],
      ['alarmTopicArn', props.alarmTopicArn],
      ['ledgerKeyArn', props.ledgerKeyArn],
      ['guardKeyArn', guardKeyArn],
    ] as const)
      assertRegion(name, arn, this.region)
    const guarded = { ...props, ...(guardTable && { guardTable }) }
    const signer = (construct: keyof typeof kinds) =>
      new SignerFunction(this, construct, {
        ...guarded,
        kind: kinds[construct],
        functionName: `${name}-${kinds[construct]}`,
        signingKey: key,
      })
    if (props.signers !== false) {
      this.eip1559Signer = signer('Eip1559')
      this.legacySigner = signer('Legacy')
      if (props.policy !== undefined) this.messageSigner = signer('Message')
    }
    if (sends(props, { counts }))
      this.sender = new Sender(this, 'Sender', {
        ...guarded,
        name,
        signingKey: key,
      })
    else if (guardTable)
      // It has the sender's id, because it takes the sender's place.
      this.guardReconciler = new GuardReconciler(this, 'Sender', {
        ...guarded,
        name,
      })
    const reconciling = this.sender ?? this.guardReconciler
    // The key's stack may require this tag (guardedUsers). Its value is the ARN
    // of the table whose name the functions get as GUARD_TABLE, in this account
    // and Region.
    if (guardTable && props.existingGuardTable !== undefined)
      for (const [, { role }] of this.#functions())
        Tags.of(role).add(guardTag, guardTable.tableArn)
    if (guardTable instanceof dynamodb.TableV2)
      close(guardTable, [
        ...this.#functions().map(([, { role }]) => role.roleArn),
        ...toArns('ledgerWriters', props.ledgerWriters ?? []),
      ])
    const keyArn = typeof key === 'string' ? key : key.keyArn
    this.#output(keyArn, alias)
    if (guardTable)
      new CfnOutput(this, 'GuardTable', {
        value: guardTable.tableName,
        description: 'Name of the table that counts the windows',
      })
    // A role has the name of its function.
    const names = [
      ...(this.eip1559Signer ? [kinds.Eip1559, kinds.Legacy] : []),
      ...(this.messageSigner ? [kinds.Message] : []),
      ...(this.sender ? senderKinds : []),
      ...(this.guardReconciler ? (['reconciler'] as const) : []),
    ].map((kind) => `${name}-${kind}`)
    if (props.alarmTopicArn !== undefined) {
      const arn = props.alarmTopicArn
      if (!Token.isUnresolved(arn)) assertTopicArn(arn)
      const topic = sns.Topic.fromTopicArn(this, 'Topic', arn)
      new KeyAlarms(this, 'Alarms', {
        topic,
        keyArn,
        ...(this.signingKey && { aliasName: alias }),
        functionNames: names,
        roleNames: names,
        ...(guardTable && { guardTableName: guardTable.tableName }),
        ...(this.sender && {
          ledgerTableName: this.sender.ledger.tableName,
          secretArns: this.sender.secretArns,
        }),
        ...(reconciling && { clockRuleName: reconciling.clock.ruleName }),
      })
      new FunctionAlarms(this, 'FunctionAlarms', {
        topic,
        functionNames: names,
        ...(reconciling && { reconcilerName: `${name}-reconciler` }),
        ...(this.sender && { failures: this.sender.failures }),
      })
    }
    if (props.managedBlockchain) new ManagedBlockchainAccess(this, 'Amb')
  }

  /** All functions that sign or count, by their names in the outputs. */
  #functions(): [name: string, made: SigningFunction][] {
    return Object.entries({
      Eip1559Signer: this.eip1559Signer,
      LegacySigner: this.legacySigner,
      MessageSigner: this.messageSigner,
      Sender: this.sender?.sender,
      Reconciler: (this.sender ?? this.guardReconciler)?.reconciler,
    }).flatMap(([name, made]): [string, SigningFunction][] =>
      made === undefined ? [] : [[name, made]],
    )
  }

  #output(keyArn: string, alias: string): void {
    const output = (id: string, value: string, description: string) =>
      new CfnOutput(this, id, { value, description })
    if (this.signingKey) {
      output('KeyId', this.signingKey.keyId, 'Id of the KMS key')
      output('KeyAlias', alias, 'Alias of the KMS key')
    }
    output('KeyArn', keyArn, 'ARN of the KMS key')
    for (const [id, { function: fn, aliases }] of this.#functions()) {
      output(`${id}Name`, fn.functionName, 'Name of the function')
      output(`${id}Arn`, fn.functionArn, 'ARN of the function')
      for (const [caller, alias] of aliases)
        output(
          // An output's id has only letters and digits.
          `${id}For${caller.replace(/[-_]/g, (sign) => (sign === '-' ? 'Dash' : 'Underscore'))}`,
          alias.functionArn,
          `ARN that ${caller} invokes`,
        )
    }
    const admin = (this.sender ?? this.guardReconciler)?.admin
    if (admin)
      output(
        'ReconcilerAdminArn',
        admin.functionArn,
        `ARN that administrators invoke to ${this.sender ? 'repair the ledger' : 'lift a halt'}`,
      )
    if (this.sender === undefined) return
    output(
      'FailuresQueue',
      this.sender.failures.queueUrl,
      'Asynchronous requests that were refused or failed',
    )
    output(
      'LedgerTable',
      this.sender.ledger.tableName,
      'Name of the ledger table',
    )
  }
}
