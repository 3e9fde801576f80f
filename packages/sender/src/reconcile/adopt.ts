import { BaseError, type Hex } from '@keyward/core'
import { type SendAnswer, toSendAnswer } from '../operations/Answer.js'
import * as SendRequest from '../request/SendRequest.js'
import type { Context } from '../transaction/Context.js'
import { firstOf } from './findForeign.js'

/** Whose request a transaction was. */
export type AdoptRequest = {
  hash: Hex
  /** Alias of the sender function. */
  caller: string
  idempotencyKey: string
}

/**
 * Writes down that a transaction which repair found was a caller's request: a
 * repetition of that request then hears of it, and nothing is paid again.
 *
 * @throws AdoptionError
 */
export async function adopt(
  context: Context,
  { hash, caller, idempotencyKey }: AdoptRequest,
  deadline: number,
): Promise<SendAnswer> {
  const { ledger, chain, account, runtime } = context
  const options = { deadline }
  const found = await chain.findByHash(hash, options)
  const signed = found && (await firstOf([found.raw], account, found.nonce))
  if (signed === undefined)
    throw new AdoptionError(
      `the node shows no transaction ${hash} of ${account.address}`,
    )
  const { nonce } = signed
  const row = await ledger.getNonce(account, nonce, options)
  if (row?.foreign?.hash !== signed.hash)
    throw new AdoptionError(
      `the ledger has ${row?.owner === undefined ? 'nothing' : 'a request of its own'} at nonce ${nonce}; only what keyward tx repair wrote down can be adopted`,
    )
  const receipt = await chain.getReceipt(signed.hash, options)
  if (receipt === undefined)
    throw new AdoptionError(`${hash} is in no block yet`)
  const { to, value, data } = signed
  const request: SendRequest.SendRequest = {
    ...(to === undefined ? {} : { to }),
    value,
    data,
    accessList: [],
    speed: 'normal',
    idempotencyKey,
  }
  SendRequest.assertValid(request)
  const id = SendRequest.transactionId(caller, idempotencyKey)
  // It counts as somebody's before the row is written, so never as nobody's.
  if (!(await ledger.claimAdopted(account, signed, id, options)))
    throw new AdoptionError(
      `${hash} was adopted for another request, or is not among those that keyward tx repair wrote down`,
    )
  const transaction = await ledger.adopt(
    {
      id,
      caller,
      account,
      request,
      requestHash: SendRequest.hash(request, account),
      createdAt: runtime.now(),
      nonce,
      mined: { hash: signed.hash, ...receipt },
    },
    options,
  )
  if (transaction === undefined)
    throw new AdoptionError(
      `the idempotency key of this caller stands for a transaction of its own (${id})`,
    )
  return toSendAnswer(transaction)
}

/** The transaction cannot be taken for that request. */
export class AdoptionError extends BaseError {
  constructor(reason: string) {
    super('adoption-refused', `It cannot be adopted: ${reason}.`, {
      details: 'Nothing was written for that request.',
    })
    this.name = 'AdoptionError'
  }
}
