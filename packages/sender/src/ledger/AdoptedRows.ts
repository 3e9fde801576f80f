import type { SendRequest } from '../request/SendRequest.js'
import type { AdoptedRecord } from './AdoptedRecord.js'
import type { Signed } from './Attempt.js'
import type { Account, TransactionRecord } from './TransactionRecord.js'
import type { Mined } from './TransactionRows.js'

type Deadline = { deadline?: number | undefined }

/** Transactions that repair found, and who has claimed them. */
export type AdoptedRows = {
  addAdopted(
    account: Account,
    signed: Signed,
    deadline?: Deadline,
  ): Promise<void>
  /** Transactions with the same effect as a request, claimed or not. */
  findAdopted(
    account: Account,
    request: Pick<SendRequest, 'to' | 'value' | 'data'>,
    deadline?: Deadline,
  ): Promise<AdoptedRecord[]>
  /** @returns false if another request has claimed it */
  claimAdopted(
    account: Account,
    signed: Signed,
    id: string,
    deadline?: Deadline,
  ): Promise<boolean>
  /** Undoes a claim that was not completed. */
  unclaimAdopted(
    account: Account,
    signed: Signed,
    id: string,
    deadline?: Deadline,
  ): Promise<void>
  /**
   * Creates the row of a request for a transaction on the chain.
   *
   * @returns undefined if the transaction belongs to another request
   */
  adopt(
    record: Pick<
      TransactionRecord,
      'id' | 'account' | 'caller' | 'request' | 'requestHash' | 'createdAt'
    > & {
      nonce: bigint
      mined: Mined
      /**
       * Whether the caller must be notified, because it may have been informed
       * of a refusal.
       */
      notify: boolean
    },
    deadline?: Deadline,
  ): Promise<TransactionRecord | undefined>
}
