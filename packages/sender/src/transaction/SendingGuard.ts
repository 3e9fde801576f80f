import type { Hex, SigningKey, SigningRequest } from '@keyward/core'
import type { Account } from '../ledger/TransactionRecord.js'

/** The key's policy, as far as sending has to do with it beside signatures. */
export type SendingGuard = {
  /**
   * Asked before a request is accepted: without it one that the key refuses is
   * accepted, and refused later. It hears no digest (`0x`), and the nonce 0.
   */
  preview: SigningKey.Authorize
  /**
   * Hears of a cancel or a filler that is final: what was counted for its nonce
   * is never spent.
   */
  release?(
    account: Hex,
    mined: { request: SigningRequest; caller: string | undefined },
    options: { deadline: number },
  ): Promise<void>
  /**
   * Is told what the ledger knows to be signed, and halts where its windows
   * count less.
   *
   * @returns the windows that do
   */
  compare?(
    account: Account,
    readSigned: () => Promise<
      { request: SigningRequest; caller: string | undefined; at: number }[]
    >,
    options: { deadline: number },
  ): Promise<readonly string[]>
}
