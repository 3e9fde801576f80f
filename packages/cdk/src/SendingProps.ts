import type { CustomerKeys } from './customerKeys.js'
import type { KeyPrincipal } from './principals.js'

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
