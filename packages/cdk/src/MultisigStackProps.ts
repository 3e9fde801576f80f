import type { StackProps } from 'aws-cdk-lib'
import type { KeyPrincipal } from './principals.js'
import type { SendingProps } from './SendingProps.js'
import type { SigningFunctionProps } from './SigningFunctionProps.js'
import type { SigningKeyProps } from './SigningKey.js'

/** An owner of the Safe: a key, and the function that signs with it. */
export interface OwnerProps {
  /**
   * Who may ask this owner's function for an approval, by the name of their
   * alias. A name stands for one principal in the whole stack.
   */
  readonly approvers: Readonly<Record<string, KeyPrincipal>>
  /**
   * Dangers that this owner signs all the same, by their names, such as
   * `owners`: docs/guides/multisig.md has them.
   *
   * @default - none
   */
  readonly open?: readonly string[]
  /**
   * Contracts whose calls this owner signs although nobody can decode them.
   *
   * @default - none
   */
  readonly openCalls?: readonly string[]
  /**
   * Path of the policy that this owner's function asks beside its own dangers,
   * before it signs (docs/policy.md). The Safe's transaction is typed data of
   * the kind `SafeTx`. A danger that a rule of it names is signed where that
   * rule allows it.
   *
   * @default - none
   */
  readonly policy?: string
  /**
   * The SHA-256 that the policy's file must have, in hex.
   *
   * @default - whatever the file has
   */
  readonly policySha256?: string
  /**
   * The node that this owner believes, as `rpcUrl` of the stack. Owners with
   * nodes of their own are not deceived together.
   *
   * @default - the stack's
   */
  readonly rpcUrl?: string
  /**
   * The account that the key must have; 0x and 40 hex digits.
   *
   * @default - taken from KMS at the first signature
   */
  readonly address?: string
}

type OfFunctions = Omit<
  SigningFunctionProps,
  | 'functionName'
  | 'signingKey'
  | 'address'
  | 'anyCaller'
  | 'invokers'
  // Each owner's own.
  | 'policy'
  | 'policySha256'
  | 'guardTable'
>

/** Properties of a {@link MultisigStack}. */
export interface MultisigStackProps
  extends StackProps,
    OfFunctions,
    Omit<SendingProps, 'allowContractCreation' | 'ledgerWriters'>,
    Pick<
      SigningKeyProps,
      'administrators' | 'breakGlass' | 'deployers' | 'removalPolicy'
    > {
  /**
   * ARN of the KMS key that the table of proposals is encrypted with, as
   * `ledgerKeyArn` is for the relayer's.
   *
   * @default - a key of DynamoDB's
   */
  readonly proposalKeyArn?: string
  /** In the order of their numbers, from 1 on. */
  readonly owners: readonly OwnerProps[]
  /**
   * The safe file, as `keyward safe create` or `adopt` writes it: which Safe,
   * and what each co-signer compares it with. Without it the functions tell
   * their addresses and sign nothing: deploy, create the Safe with these owners,
   * and deploy again.
   *
   * @default - none yet
   */
  readonly safe?: string
  /**
   * Whether coordinator, relayer and table are there. Without them each
   * co-signer signs bundles, which owners in different accounts exchange.
   *
   * @default true
   */
  readonly coordinator?: boolean
  /**
   * The account that the relayer's key must have; 0x and 40 hex digits.
   *
   * @default - taken from KMS at the first signature
   */
  readonly relayerAddress?: string
  /**
   * Who may propose, reject and have executed, by the name of their alias.
   *
   * @default - nobody
   */
  readonly proposers?: Readonly<Record<string, KeyPrincipal>>
  /**
   * Whether somebody who proposed may also approve, as an approver.
   *
   * @default false
   */
  readonly proposerMayApprove?: boolean
  /**
   * Hours after which a proposal is neither approved nor executed; 1 to 8760.
   *
   * @default 168
   */
  readonly proposalHours?: number
  /**
   * ARN of the SNS topic that is told of every change to who can sign.
   *
   * @default - nobody is told
   */
  readonly alarmTopicArn?: string
}
