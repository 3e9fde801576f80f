import type { SendRequest } from '../request/SendRequest.js'
import type { AdoptedRecord } from './AdoptedRecord.js'
import type { Signed } from './Attempt.js'
import type { Account, TransactionRecord } from './TransactionRecord.js'
import type { Mined } from './TransactionRows.js'

type Deadline = { deadline?: number | undefined }

/** Transactions that repair found, until somebody claims them. */
export type AdoptedRows = {
  addAdopted(
    account: Account,
    signed: Signed,
    deadline?: Deadline,
  ): Promise<void>
  /** Those that do what a request asks for, claimed or not. */
  findAdopted(
    account: Account,
    request: Pick<SendRequest, 'to' | 'value' | 'data'>,
    deadline?: Deadline,
  ): Promise<AdoptedRecord[]>
  /** @returns false when another request has it */
  claimAdopted(
    account: Account,
    signed: Signed,
    id: string,
    deadline?: Deadline,
  ): Promise<boolean>
  /** For a claim that came to nothing. */
  unclaimAdopted(
    account: Account,
    signed: Signed,
    id: string,
    deadline?: Deadline,
  ): Promise<void>
  /**
   * The row of a request that a transaction on the chain is said to be.
   *
   * @returns undefined when it is another one's
   */
  adopt(
    record: Pick<
      TransactionRecord,
      'id' | 'account' | 'caller' | 'request' | 'requestHash' | 'createdAt'
    > & {
      nonce: bigint
      mined: Mined
      /** Somebody has to hear of it, who may have heard that it was refused. */
      notify: boolean
    },
    deadline?: Deadline,
  ): Promise<TransactionRecord | undefined>
}
