import { NetworkData } from '@keyward/core'
import { type RollupFee, totalOf } from '../chain/createDataFee.js'
import * as Fees from '../fees/Fees.js'
import type { Attempt, Purpose } from '../ledger/Attempt.js'
import type { NonceRecord } from '../ledger/NonceRecord.js'
import type { Outline } from '../ledger/TransactionRecord.js'
import type { SendRequest } from '../request/SendRequest.js'
import { broadcast, type Outcome } from './broadcast.js'
import type { Context } from './Context.js'
import { findTaken } from './findTaken.js'
import { assertGas } from './GasLimit.js'
import { assertFunds, assertRuns, lessData } from './prepare.js'
import { signAttempt } from './signAttempt.js'

/**
 * The gas of a plain transfer. On chains where transfers cost more, a node
 * estimates it.
 */
const gasOfTransfer = 21_000n
const bytesOfTransfer = 128

export type Replacement = {
  /** The stored attempt, from this process or from a faster one. */
  attempt: Attempt
  outcome: Outcome
  /** The chain's charges in addition to gas. */
  rollupFee: RollupFee
}

/**
 * Replaces what is signed for a nonce with the same at higher fees, or with a
 * zero-value transfer to the account itself: signs, stores and sends it.
 *
 * @returns undefined if the nonce is no longer the owner's
 * @throws FeeCapError if the caps don't allow it, InsufficientFundsError if the
 * account can't pay that much, GasLimitError or WouldFailError for `gas`
 */
export async function replace(
  context: Context,
  row: NonceRecord,
  parameters: {
    owner: string
    purpose: Purpose
    request?: SendRequest
    /** The owner of the nonce. */
    transaction?: Outline | undefined
    /** Speed and caps of this replacement. */
    pricing: Fees.Pricing
    /** Attempts that a pool has just refused for the fee. */
    refused?: readonly Attempt[]
    /** Overrides the gas of the earlier attempts. */
    gas?: bigint | undefined
    deadline: number
    /**
     * Whether no node has the attempts to be replaced, so that no higher fees
     * are needed.
     */
    alone?: boolean
  },
): Promise<Replacement | undefined> {
  const { owner, purpose, request, pricing, deadline } = parameters
  const { transaction, refused = [], alone } = parameters
  const { account, ledger } = context
  const market = await context.market({ deadline })
  const last = row.attempts.filter((one) => one.purpose === purpose).at(-1)
  if (parameters.gas !== undefined) {
    await assertGas(context, parameters.gas, deadline)
    if (request !== undefined)
      await assertRuns(context, request, parameters.gas, deadline)
  }
  const gas =
    parameters.gas ??
    last?.gas ??
    (await estimateTransfer(context, row, deadline))
  const bytes = last === undefined ? bytesOfTransfer : last.raw.length / 2
  const beside = await context.dataFee({ bytes, gas }, { deadline })
  const caps = lessData(context.caps, beside)
  const taken = alone
    ? []
    : await findTaken(context, row, transaction, deadline)
  const fees =
    row.attempts.length === 0
      ? Fees.quote(market, pricing, gas, caps)
      : Fees.bump(market, pricing, gas, caps, taken, refused)
  const value = purpose === 'request' ? (request?.value ?? 0n) : 0n
  // No node would accept the replacement, and it would take the place of an
  // attempt that a node has.
  const balance = await context.balance({ deadline })
  const most = value + gas * fees.maxFeePerGas + totalOf(beside)
  await assertFunds(context, balance, most, deadline, beside)
  const signed = await signAttempt(context, {
    index: row.nextIndex,
    purpose,
    nonce: row.nonce,
    gas,
    fees,
    transaction,
    deadline,
    ...(request === undefined ? {} : { request }),
  })
  const by = { owner, claim: row.claim }
  const attempt = await ledger.storeAttempt(account, row.nonce, by, signed, {
    deadline,
  })
  if (attempt === undefined) return undefined
  const outcome = await broadcast(context, attempt, deadline)
  return { attempt, outcome, rollupFee: beside }
}

async function estimateTransfer(
  { chain, account }: Context,
  { attempts }: NonceRecord,
  deadline: number,
): Promise<bigint> {
  const { address } = account
  const call = { from: address, to: address, value: 0n, data: '0x' as const }
  try {
    const gas = await chain.estimateGas(
      { ...call, accessList: [] },
      { deadline },
    )
    return gas > gasOfTransfer ? gas + gas / 5n : gasOfTransfer
  } catch (error) {
    const { transferGas } = NetworkData.get(account.chainId)
    if (transferGas !== undefined) return transferGas
    // The transaction to be cancelled does more than a transfer, so its gas is
    // enough.
    const known = attempts.find(({ gas }) => gas > gasOfTransfer)
    if (known === undefined) throw error
    return known.gas
  }
}
