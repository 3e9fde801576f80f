import type { Hex, SigningKey, SigningRequest } from '@keyward/core'
import type { Account } from '../ledger/TransactionRecord.js'

/** The parts of the key's policy that sending needs in addition to signing. */
export type SendingGuard = {
  /**
   * Asked before a request is accepted. Otherwise, a request that the key
   * refuses would be accepted, and refused only later. It receives no digest
   * (`0x`), and nonce 0.
   */
  preview: SigningKey.Authorize
  /**
   * Called when a cancel or filler is final: the amounts counted for its nonce
   * are never spent.
   */
  release?(
    account: Hex,
    mined: { request: SigningRequest; caller: string | undefined },
    options: { deadline: number },
  ): Promise<void>
  /**
   * Receives the transactions that the ledger knows to be signed, and halts if
   * its windows count less.
   *
   * @returns the windows that count less
   */
  compare?(
    account: Account,
    readSigned: () => Promise<
      { request: SigningRequest; caller: string | undefined; at: number }[]
    >,
    options: { deadline: number },
  ): Promise<readonly string[]>
}
