import { BaseError, type Hex } from '@keyward/core'
import * as Attempt from '../ledger/Attempt.js'
import { type SendAnswer, toSendAnswer } from '../operations/Answer.js'
import * as SendRequest from '../request/SendRequest.js'
import type { Context } from '../transaction/Context.js'
import { firstOf } from './findForeign.js'

/** The request that a transaction belongs to. */
export type AdoptRequest = {
  hash: Hex
  /** Alias of the sender function. */
  caller: string
  idempotencyKey: string
}

/**
 * Records that a transaction found by repair was a caller's request. Repeating
 * that request then returns this transaction, and nothing is paid again.
 *
 * @throws AdoptionError
 */
export async function adopt(
  context: Context,
  { hash, caller, idempotencyKey }: AdoptRequest,
  deadline: number,
): Promise<SendAnswer> {
  const { ledger, chain, account, runtime, confirmations, notify } = context
  const options = { deadline }
  const found = await chain.findByHash(hash, options)
  const signed = found && (await firstOf([found.raw], account, found.nonce))
  if (signed === undefined)
    throw new AdoptionError(
      `the node has no transaction ${hash} from ${account.address}; check the hash and the account`,
    )
  const { nonce } = signed
  const row = await ledger.getNonce(account, nonce, options)
  if (row?.foreign?.hash !== signed.hash)
    throw new AdoptionError(
      `the ledger has ${row?.owner === undefined ? 'nothing' : 'another transaction'} at nonce ${nonce}; only a transaction that keyward tx repair recorded can be adopted`,
    )
  const receipt = await chain.getReceipt(signed.hash, options)
  if (receipt === undefined)
    throw new AdoptionError(
      `${hash} is not in a block yet; try again when it is final`,
    )
  const { number: newest } = await chain.getBlock('latest', options)
  const finalAt = receipt.blockNumber + BigInt(confirmations) - 1n
  // If the block disappeared, so would the payment, and nobody would repeat it.
  if (newest < finalAt)
    throw new AdoptionError(
      `${hash} is in block ${receipt.blockNumber}, which becomes final with block ${finalAt}; the newest block is ${newest}, so try again later`,
    )
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
  await assertFree(context, { id, signed, deadline })
  // The transaction is claimed before the row is written, so that two requests
  // never get it.
  if (!(await ledger.claimAdopted(account, signed, id, options)))
    throw new AdoptionError(
      `${hash} was adopted for another request, or keyward tx repair did not record it`,
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
      notify,
    },
    options,
  )
  if (transaction !== undefined) return toSendAnswer(transaction)
  await ledger.unclaimAdopted(account, signed, id, options)
  throw notFree(id)
}

/**
 * Checks this first, because a claim that later fails would block the right
 * one.
 *
 * @throws AdoptionError if the key belongs to anything else
 */
async function assertFree(
  { ledger, account }: Context,
  parameters: { id: string; signed: Attempt.Signed; deadline: number },
): Promise<void> {
  const { id, signed, deadline } = parameters
  const existing = await ledger.getTransaction(id, { deadline })
  if (existing === undefined) return
  const { adopted, hash, status, reason, request } = existing
  const { chainId, address } = existing.account
  // A table may serve many accounts.
  if (chainId !== account.chainId || address !== account.address)
    throw notFree(id)
  const isFree = adopted
    ? hash === signed.hash
    : status === 'refused' && reason?.code === 'possible-repeat'
  if (!isFree) throw notFree(id)
  if (!Attempt.isOf(signed, request))
    throw new AdoptionError(
      `${signed.hash} does not do what the request with this idempotency key asks for (that request is transaction ${id} in the ledger); check the hash, --caller and --as`,
    )
}

const notFree = (id: string) =>
  new AdoptionError(
    `the caller's idempotency key belongs to another transaction in the ledger (id ${id}); check --caller and --as`,
  )

/** The transaction can't be recorded as that request. */
export class AdoptionError extends BaseError {
  constructor(reason: string) {
    super('adoption-refused', `The transaction can't be adopted: ${reason}.`, {
      details: 'Nothing was written for the request.',
    })
    this.name = 'AdoptionError'
  }
}
