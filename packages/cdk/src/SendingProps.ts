import type { CustomerKeys } from './customerKeys.js'
import type { KeyPrincipal } from './principals.js'

/** Settings that only the functions that send have. */
export interface SendingProps extends CustomerKeys {
  /**
   * RPC endpoints: one or more URLs in order of preference, separated by
   * commas, or the ARN of a Secrets Manager secret or SSM parameter that
   * contains them. A provider's URL contains a key, so keep it in a secret.
   *
   * @default - none, and no sender; for network `local`, the home's chain
   */
  readonly rpcUrl?: string
  /**
   * How the endpoints authenticate the functions: `none`, `sigv4` (Amazon
   * Managed Blockchain), or `bearer:` and the ARN of a secret or parameter.
   *
   * @default 'none'
   */
  readonly rpcAuth?: string
  /**
   * The only endpoints that receive signed transactions, in the form of rpcUrl.
   * Use it for a relay that keeps them private.
   *
   * @default - rpcUrl
   */
  readonly sendRpcUrl?: string
  /**
   * How many providers must have a transaction's block before it is final: 1 or
   * 2.
   *
   * @default 2; 1 if rpcUrl names endpoints of only one provider
   */
  readonly finalEndpoints?: number
  /**
   * Highest price per unit of gas that a transaction may pay, in gwei.
   *
   * @default - that of the functions
   */
  readonly maxFeeGwei?: string
  /**
   * Lowest tip, in gwei.
   *
   * @default - the network's known minimum
   */
  readonly minTipGwei?: string
  /**
   * Blocks after which a transaction counts as final.
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
   * The https URL that is notified when a transaction reaches its final state.
   * On network `local`, `http://127.0.0.1:PORT` is allowed too.
   *
   * @default - nobody
   */
  readonly webhookUrl?: string
  /**
   * ARN of the Secrets Manager secret or SSM parameter with the key that signs
   * the webhook's notifications.
   *
   * @default - none; required with webhookUrl
   */
  readonly webhookSecretArn?: string
  /**
   * Name of the ledger table of an earlier stack for the same account. It
   * records which nonces are taken and which requests were sent. Without it, a
   * repeated request would be paid again.
   *
   * @default - the stack creates a table
   */
  readonly existingLedgerTable?: string
  /**
   * Roles and users besides the functions that write the ledger, because they
   * run the library's sender elsewhere with this key. The table's policy denies
   * writing to everybody else. They are not bound to a function, so anybody
   * with their credentials can make the functions sign payments.
   *
   * @default - only the functions write
   */
  readonly ledgerWriters?: readonly KeyPrincipal[]
  /**
   * How many foreign transactions of this key may be pending at once. If there
   * are more, the sender accepts nothing until they are final. Transactions
   * from the stack's own signers count as foreign. A whole number, or
   * `unlimited`.
   *
   * @default - the functions' own, 3
   */
  readonly maxForeign?: number | 'unlimited'
  /**
   * Starts a new ledger even though the account has sent before. The value is
   * the number of transactions that it has sent, as text. It applies only while
   * the chain has this count and the ledger has no row of the account. `any`
   * skips the count, for network `local` only.
   *
   * @default - an account that has sent before needs its ledger
   */
  readonly newLedger?: string
}
