import type { StackProps } from 'aws-cdk-lib'
import type { KeyPrincipal } from './principals.js'
import type { SendingProps } from './SendingProps.js'
import type { SigningFunctionProps } from './SigningFunctionProps.js'
import type { SigningKeyProps } from './SigningKey.js'

/** An owner of the Safe: a key, and the function that signs with it. */
export interface OwnerProps {
  /**
   * Principals that may ask this owner's function for an approval, by the name
   * of their alias. A name stands for the same principal in the whole stack.
   */
  readonly approvers: Readonly<Record<string, KeyPrincipal>>
  /**
   * Dangers that this owner signs anyway, by name, such as `owners`.
   * docs/guides/multisig.md lists them.
   *
   * @default - none
   */
  readonly open?: readonly string[]
  /**
   * Contracts whose calls this owner signs even if they can't be decoded.
   *
   * @default - none
   */
  readonly openCalls?: readonly string[]
  /**
   * Path of the policy that this owner's function checks before it signs, in
   * addition to its own dangers (docs/policy.md). To the policy, a Safe
   * transaction is typed data of kind `SafeTx`. If a rule names a danger and
   * allows the transaction, the owner signs it despite that danger.
   *
   * @default - none
   */
  readonly policy?: string
  /**
   * The required SHA-256 of the policy's file, in hex.
   *
   * @default - not checked
   */
  readonly policySha256?: string
  /**
   * The node that this owner trusts, like the stack's `rpcUrl`. If each owner
   * has its own node, no single node can deceive all of them.
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
  // Each owner has its own policy and account.
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
   * ARN of the KMS key that encrypts the table of proposals, as `ledgerKeyArn`
   * does for the relayer's table.
   *
   * @default - a key owned by DynamoDB
   */
  readonly proposalKeyArn?: string
  /** In order of their numbers, from 1. */
  readonly owners: readonly OwnerProps[]
  /**
   * The safe file, written by `keyward safe create` or `adopt`: the Safe, and
   * the values that each co-signer compares it with. Without it, the functions
   * return their addresses and sign nothing. Deploy, create the Safe with these
   * owners, then deploy again.
   *
   * @default - none yet
   */
  readonly safe?: string
  /**
   * Whether the stack has a coordinator, a relayer and a table. Without them,
   * each co-signer signs bundles, which owners in different accounts exchange.
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
   * Principals that may propose, request execution and reject their own
   * proposals, by the name of their alias. Those who are also approvers of an
   * owner may reject every proposal.
   *
   * @default - nobody
   */
  readonly proposers?: Readonly<Record<string, KeyPrincipal>>
  /**
   * Whether an approver may approve its own proposal.
   *
   * @default false
   */
  readonly proposerMayApprove?: boolean
  /**
   * Hours until a proposal expires, after which it is neither approved nor
   * executed; 1 to 8760.
   *
   * @default 168
   */
  readonly proposalHours?: number
  /**
   * ARN of the SNS topic that receives a message about every change to who can
   * sign.
   *
   * @default - no messages
   */
  readonly alarmTopicArn?: string
}
