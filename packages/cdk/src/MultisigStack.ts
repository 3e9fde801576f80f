// This file has over 300 lines because a Safe's owners, coordinator and relayer
// are wired together here and nowhere else.

import {
  Annotations,
  CfnOutput,
  DefaultStackSynthesizer,
  Duration,
  aws_dynamodb as dynamodb,
  type IStackSynthesizer,
  aws_iam as iam,
  Stack,
  aws_sns as sns,
  Token,
} from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { assertNames } from './assertNames.js'
import { assertRegion } from './assertStack.js'
import { close } from './closedTable.js'
import { decryptSecrets } from './customerKeys.js'
import { assertTopicArn } from './environment.js'
import { FunctionAlarms } from './FunctionAlarms.js'
import { assertFips } from './fips.js'
import { readPolicy } from './functionCode.js'
import { GuardReconciler } from './GuardReconciler.js'
import { createGuardTable } from './guardTable.js'
import { KeyAlarms } from './KeyAlarms.js'
import type { MultisigStackProps, OwnerProps } from './MultisigStackProps.js'
import {
  assertHours,
  openByPolicy,
  readSafeFile,
  toRules,
} from './multisigSettings.js'
import { assertNetwork } from './network.js'
import {
  boundToFunctions,
  closeProposals,
  createProposals,
  useProposals,
} from './proposalTable.js'
import { rpcSettings } from './rpcSettings.js'
import { Sender } from './Sender.js'
import { SigningFunction } from './SigningFunction.js'
import { SigningKey } from './SigningKey.js'
import { readSecrets } from './secrets.js'

/** The most signatures of one execution that a relayer pays for. */
const maxSignatures = 3

/** An owner of the Safe. */
export type Cosigner = {
  readonly key: SigningKey
  readonly function: SigningFunction
}

/**
 * The owners of a Safe, each with a KMS key and a function that reviews
 * proposals and signs with only that key; a coordinator without a key; and a
 * relayer that pays for transactions that enough owners have signed.
 *
 * In one account, anybody who deploys to it or administers it has all the keys.
 * If that matters, let each owner deploy its own stack, alone, in its own
 * account and without a coordinator, and exchange bundles.
 */
export class MultisigStack extends Stack {
  readonly cosigners: readonly Cosigner[]
  /** Undefined if `coordinator` is false, like `relayer` and `proposals`. */
  readonly coordinator: SigningFunction | undefined
  /** The table that counts the windows of the owners' policies. */
  readonly guard: dynamodb.ITableV2 | undefined
  /** Maintains those windows; undefined without them. */
  readonly guardReconciler: GuardReconciler | undefined
  readonly relayer: Sender | undefined
  readonly proposals: dynamodb.TableV2 | undefined

  constructor(scope: Construct, id: string, props: MultisigStackProps) {
    super(scope, id, {
      synthesizer: new DefaultStackSynthesizer({
        generateBootstrapVersionRule: false,
      }) as IStackSynthesizer,
      description:
        'Owners of a Safe in AWS KMS, who each review and sign independently',
      ...props,
    })
    assertNetwork(props.network)
    assertNames(props)
    const { owners, coordinator = true, proposalHours, safe } = props
    if (owners.length === 0)
      throw new Error('owners: specify at least one owner and its approvers.')
    if (props.rpcUrl === undefined && props.network !== 'local')
      throw new Error(
        'rpcUrl: required, because every co-signer reads the state of the Safe from a node.',
      )
    if (!coordinator && props.proposers !== undefined)
      throw new Error(
        'proposers: without a coordinator, nobody can propose. Leave ' +
          'proposers out, or set coordinator to true.',
      )
    if (!coordinator && props.proposalKeyArn !== undefined)
      throw new Error(
        'proposalKeyArn: without a coordinator, there is no table of ' +
          'proposals. Leave this setting out.',
      )
    if (!coordinator && props.relayerAddress !== undefined)
      throw new Error(
        'relayerAddress: without a coordinator, there is no relayer. Leave ' +
          'this setting out.',
      )
    if (!Token.isUnresolved(this.region)) assertFips({ ...props }, this.region)
    assertRegion('alarmTopicArn', props.alarmTopicArn, this.region)
    this.#warn(owners)
    const file = safe === undefined ? undefined : readSafeFile(safe)
    if (coordinator)
      this.proposals = createProposals(this, props.proposalKeyArn)
    const told = {
      ...(file !== undefined && { SAFE: file.text }),
      ...(this.proposals && { PROPOSAL_TABLE: this.proposals.tableName }),
    }
    const { network, guardKeyArn } = props
    const policies = owners.flatMap((owner) => {
      const { policy, policySha256 } = owner
      if (policy === undefined) return []
      return [{ owner, ...readPolicy({ policy, policySha256, network }) }]
    })
    const counting = policies.filter(({ counts }) => counts)
    if (counting.length > 0)
      this.guard = createGuardTable(
        ...([this, this.stackName, undefined, guardKeyArn] as const),
      )
    else if (guardKeyArn !== undefined)
      throw new Error(
        'guardKeyArn: no owner has a policy with spending windows, so there is ' +
          'no table to encrypt. Leave guardKeyArn out.',
      )
    this.cosigners = owners.map((owner, index) =>
      this.#createCosigner(index + 1, owner, props, told),
    )
    if (this.proposals !== undefined) {
      const key = this.#createKey('Relayer', 'relayer', props)
      this.relayer = this.#createRelayer(key, props, file?.safe)
      this.coordinator = this.#createCoordinator(this.relayer, props, {
        ...told,
        ...toRules({
          open: [
            ...new Set([
              ...owners.flatMap(({ open = [] }) => open),
              ...policies.flatMap(({ text }) => openByPolicy(text)),
            ]),
          ],
          openCalls: [
            ...new Set(owners.flatMap(({ openCalls = [] }) => openCalls)),
          ],
        }),
        APPROVERS: [
          ...new Set(owners.flatMap(({ approvers }) => Object.keys(approvers))),
        ].join(','),
        OWNERS_IN_STACK: String(owners.length),
        ...(proposalHours !== undefined && {
          PROPOSAL_HOURS: assertHours(proposalHours),
        }),
      })
      const users = [
        ...this.cosigners.map((one) => one.function),
        this.coordinator,
      ]
      closeProposals(
        this.proposals,
        users.map(({ role }) => role.roleArn),
      )
    }
    this.guardReconciler = this.#createGuardReconciler(
      // A policy in shadow mode would not halt anything.
      (counting.find(({ enforces }) => enforces) ?? counting[0])?.owner,
      props,
    )
    if (this.guard instanceof dynamodb.TableV2)
      close(
        this.guard,
        [
          ...this.cosigners.map((one) => one.function),
          ...(this.guardReconciler ? [this.guardReconciler.reconciler] : []),
        ].map(({ role }) => role.roleArn),
      )
    this.#output()
    if (props.alarmTopicArn !== undefined)
      this.#alarm(props.alarmTopicArn, props)
  }

  #warn(owners: readonly OwnerProps[]): void {
    const count = owners.length
    const open = owners.flatMap(({ open = [], policy }, at) =>
      open.includes('safe-message') && policy === undefined ? [at + 1] : [],
    )
    if (open.length > 0)
      Annotations.of(this).addWarningV2(
        'keyward:openMessages',
        `owners: ${open.join(', ')} ${open.length > 1 ? 'open' : 'opens'} ` +
          'safe-message without a policy. Each approver alone can therefore ' +
          'make that owner sign messages of the Safe, such as a permit or an ' +
          'order for nearly all of a token, at any price above zero and ' +
          'without a deadline. No second person proposes the messages, no ' +
          "record of them is kept, and they can't be revoked. Limit them " +
          'with a policy, or propose a transaction instead.',
      )
    if (count > 1)
      Annotations.of(this).addWarningV2(
        'keyward:oneAccount',
        `owners: all ${count} keys are in one AWS account, so anybody who ` +
          'deploys to this account or administers it controls all keys and ' +
          "can bypass the Safe's threshold. If that matters, let each owner " +
          'deploy a separate stack, in a different account, with one owner ' +
          'and with coordinator set to false.',
      )
  }

  #createKey(
    id: string,
    alias: string,
    props: MultisigStackProps,
    owner?: OwnerProps,
  ): SigningKey {
    const { administrators, breakGlass, deployers, removalPolicy } = props
    const name = `${this.stackName}-${alias}`
    return new SigningKey(this, `${id}Key`, {
      administrators,
      ...(breakGlass && { breakGlass }),
      ...(deployers && { deployers }),
      ...(removalPolicy && { removalPolicy }),
      isGuarded: owner?.policy !== undefined,
      alias: `alias/${name}`,
      description: `Ethereum account, signed for by ${name}`,
    })
  }

  #createCosigner(
    number: number,
    owner: OwnerProps,
    props: MultisigStackProps,
    told: Record<string, string>,
  ): Cosigner {
    const key = this.#createKey(
      `Owner${number}`,
      `owner-${number}`,
      props,
      owner,
    )
    const { address, approvers, policy, policySha256 } = owner
    const rpcUrl = owner.rpcUrl ?? props.rpcUrl
    const made = this.#createFunction(
      { ...props, ...(rpcUrl !== undefined && { rpcUrl }) },
      `Cosigner${number}`,
      {
        kind: 'cosigner',
        functionName: `${this.stackName}-cosigner-${number}`,
        description: `Owner ${number} of a Safe: reviews and signs`,
        signingKey: key,
        ...(address !== undefined && { address }),
        ...(policy !== undefined && { policy }),
        ...(policySha256 !== undefined && { policySha256 }),
        ...(this.guard && { guardTable: this.guard }),
        invokers: approvers,
        environment: {
          ...told,
          ...toRules(owner),
          ...(props.proposerMayApprove === true && {
            PROPOSER_MAY_APPROVE: 'true',
          }),
        },
        statements: this.proposals
          ? useProposals(this.proposals, 'cosigner', props.proposalKeyArn)
          : [],
      },
    )
    return { key, function: made }
  }

  /**
   * @param owner - The owner whose policy it has. All owners count in the table
   *   that it compares.
   */
  #createGuardReconciler(
    owner: OwnerProps | undefined,
    props: MultisigStackProps,
  ): GuardReconciler | undefined {
    if (owner?.policy === undefined || this.guard === undefined)
      return undefined
    const { policy, policySha256 } = owner
    return new GuardReconciler(this, 'GuardReconciler', {
      ...props,
      // The relayer also has a reconciler, so this name differs. The suffix is
      // short, like those of the other functions.
      name: `${this.stackName}-own`,
      ...{ policy, guardTable: this.guard },
      ...(policySha256 !== undefined && { policySha256 }),
    })
  }

  #createRelayer(
    signingKey: SigningKey,
    props: MultisigStackProps,
    safe: string | undefined,
  ): Sender {
    // The service control policy knows the ledger by this name.
    return new Sender(this, 'Sender', {
      ...props,
      name: this.stackName,
      signingKey,
      ...(props.relayerAddress && { address: props.relayerAddress }),
      relayedSafe: safe ?? 'none',
      maxSignatures,
    })
  }

  #createCoordinator(
    relayer: Sender,
    props: MultisigStackProps,
    environment: Record<string, string>,
  ): SigningFunction {
    const invoked = relayer.sender.function.functionArn
    const table = this.proposals as dynamodb.TableV2
    const caller = 'coordinator'
    const coordinator = this.#createFunction(props, 'Coordinator', {
      kind: 'coordinator',
      functionName: `${this.stackName}-coordinator`,
      description: "Keeps a Safe's proposals; has no key",
      ...(props.proposers && { invokers: props.proposers }),
      environment: {
        ...environment,
        RELAYER_FUNCTION: `${invoked}:${caller}`,
      },
      statements: [
        ...useProposals(table, 'coordinator', props.proposalKeyArn),
        new iam.PolicyStatement({
          sid: 'AskRelayer',
          actions: ['lambda:InvokeFunction'],
          resources: [`${invoked}:${caller}`],
        }),
      ],
    })
    relayer.sender.grantInvokeRole(caller, coordinator.role)
    return coordinator
  }

  #createFunction(
    props: MultisigStackProps,
    id: string,
    own: Pick<
      ConstructorParameters<typeof SigningFunction>[2],
      | 'functionName'
      | 'signingKey'
      | 'address'
      | 'policy'
      | 'policySha256'
      | 'guardTable'
      | 'invokers'
    > & {
      kind: 'coordinator' | 'cosigner'
      description: string
      environment: Record<string, string>
      statements: readonly iam.PolicyStatement[]
    },
  ): SigningFunction {
    const { kind, description, environment, statements, ...named } = own
    const rpc = rpcSettings(props.rpcUrl, props.rpcAuth)
    if (rpc.isSigned)
      throw new Error(
        "rpcAuth: a multisig can't use sigv4. Use a node whose URL or token " +
          'is in a secret.',
      )
    // An owner's key signs no transactions, so there is no fee to cap.
    const {
      invokers,
      maxTransactionFeeEther: _,
      ...shared
    } = {
      ...props,
      ...named,
    }
    return new SigningFunction(
      this,
      id,
      { ...shared, ...(invokers && { invokers }) },
      {
        kind,
        description,
        isGuarded: kind === 'cosigner',
        // The coordinator's timeout is as long as that of the relayer, for
        // which it waits.
        timeout: Duration.seconds(kind === 'coordinator' ? 60 : 30),
        environment: { ...rpc.environment, ...environment },
        statements: [
          ...statements,
          ...readSecrets(rpc.secretArns),
          ...decryptSecrets(
            rpc.secretArns.length === 0 ? [] : (props.secretKeyArns ?? []),
          ),
        ],
        boundActions: [
          ...(this.proposals ? boundToFunctions : []),
          ...(kind === 'coordinator' ? ['lambda:InvokeFunction'] : []),
        ],
      },
    )
  }

  #output(): void {
    const output = (id: string, value: string, description: string) =>
      new CfnOutput(this, id, { value, description })
    const callers = (id: string, made: SigningFunction) => {
      for (const [caller, alias] of made.aliases)
        output(
          `${id}For${caller.replace(/[-_]/g, (sign) => (sign === '-' ? 'Dash' : 'Underscore'))}`,
          alias.functionArn,
          `ARN that ${caller} invokes`,
        )
    }
    for (const [index, { key, function: made }] of this.cosigners.entries()) {
      const id = `Cosigner${index + 1}`
      output(`Owner${index + 1}KeyArn`, key.keyArn, 'ARN of the KMS key')
      output(`${id}Arn`, made.function.functionArn, 'ARN of the function')
      callers(id, made)
    }
    if (this.guard && this.guardReconciler) {
      output(
        'GuardTable',
        this.guard.tableName,
        'Name of the table that counts the windows',
      )
      output(
        'GuardReconcilerAdminArn',
        this.guardReconciler.admin.functionArn,
        'ARN that administrators invoke to lift a halt',
      )
    }
    if (!this.coordinator || !this.relayer || !this.proposals) return
    output(
      'CoordinatorArn',
      this.coordinator.function.functionArn,
      'ARN of the function',
    )
    callers('Coordinator', this.coordinator)
    output(
      'SenderName',
      this.relayer.sender.function.functionName,
      'Name of the relayer',
    )
    output(
      'LedgerTable',
      this.relayer.ledger.tableName,
      "Name of the relayer's ledger table",
    )
    output(
      'ProposalTable',
      this.proposals.tableName,
      'Name of the table of proposals',
    )
  }

  #alarm(topicArn: string, props: MultisigStackProps): void {
    if (!Token.isUnresolved(topicArn)) assertTopicArn(topicArn)
    const topic = sns.Topic.fromTopicArn(this, 'Topic', topicArn)
    const name = this.stackName
    const cosigners = this.cosigners.map(
      (_, index) => `${name}-cosigner-${index + 1}`,
    )
    const { guard, guardReconciler } = this
    const guarding = guardReconciler ? [`${name}-own-reconciler`] : []
    for (const [index, { key }] of this.cosigners.entries()) {
      const functionName = cosigners[index] as string
      // Resources that functions share are watched only once.
      const names = [functionName, ...(index === 0 ? guarding : [])]
      const rpcUrl = props.owners[index]?.rpcUrl ?? props.rpcUrl
      new KeyAlarms(this, `Owner${index + 1}Alarms`, {
        topic,
        keyArn: key.keyArn,
        aliasName: `alias/${name}-owner-${index + 1}`,
        functionNames: names,
        roleNames: names,
        secretArns: rpcSettings(rpcUrl, props.rpcAuth).secretArns,
        ...(index === 0 &&
          this.proposals && { ledgerTableName: this.proposals.tableName }),
        ...(index === 0 && guard && { guardTableName: guard.tableName }),
        ...(index === 0 &&
          guardReconciler && { clockRuleName: guardReconciler.clock.ruleName }),
      })
    }
    const relaying = this.relayer
      ? ['coordinator', 'sender', 'reconciler'].map((kind) => `${name}-${kind}`)
      : []
    if (this.relayer)
      new KeyAlarms(this, 'RelayerAlarms', {
        topic,
        keyArn: (this.node.findChild('RelayerKey') as SigningKey).keyArn,
        aliasName: `alias/${name}-relayer`,
        functionNames: relaying,
        roleNames: relaying,
        ledgerTableName: this.relayer.ledger.tableName,
        secretArns: this.relayer.secretArns,
        clockRuleName: this.relayer.clock.ruleName,
      })
    new FunctionAlarms(this, 'FunctionAlarms', {
      topic,
      functionNames: [...cosigners, ...relaying],
      ...(this.relayer && {
        reconcilerName: `${name}-reconciler`,
        failures: this.relayer.failures,
      }),
    })
    for (const reconcilerName of guarding)
      new FunctionAlarms(this, 'GuardAlarms', {
        ...{ topic, reconcilerName, functionNames: guarding },
      })
  }
}
