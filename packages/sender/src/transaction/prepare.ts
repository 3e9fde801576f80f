import { BaseError, EtherAmount, NotAuthorizedError } from '@keyward/core'
import type { Runtime } from '@keyward/core/rpc'
import { RpcRefusedError } from '@keyward/core/rpc'
import type { Call } from '../chain/createChain.js'
import {
  noFee,
  type RollupFee,
  toBytes,
  totalOf,
} from '../chain/createDataFee.js'
import * as RevertReason from '../chain/RevertReason.js'
import { classifySurely } from '../chain/SendFailure.js'
import * as Fees from '../fees/Fees.js'
import type { SendRequest } from '../request/SendRequest.js'
import { CreationNotAllowedError } from './assertCreation.js'
import { PossibleRepeatError } from './assertNotRepeat.js'
import type { Context } from './Context.js'
import { assertGas, fitGas, GasLimitError } from './GasLimit.js'

/** The decisions made before a nonce is assigned. */
export type Prepared = {
  gas: bigint
  fees: Fees.Fees
  /** A rollup's charges in addition to gas. */
  beside: RollupFee
}

/**
 * Checks whether a request can be mined as is: the call succeeds, the fees are
 * within the caps, and the account can pay. Usually asks the node one question,
 * sometimes three at once.
 *
 * @throws WouldFailError, GasLimitError, InsufficientFundsError, FeeCapError,
 * RequestExpiredError; the RPC client's errors if the node can't be asked
 */
export async function prepare(
  context: Context,
  request: SendRequest,
  deadline: number,
): Promise<Prepared> {
  const { chain, account, market, caps, runtime } = context
  assertInTime(request, runtime)
  if (request.gas !== undefined) await assertGas(context, request.gas, deadline)
  const { to, value, data, accessList } = request
  const call = { from: account.address, to, value, data, accessList }
  const [fees, estimate, balance] = await Promise.allSettled([
    market({ deadline }),
    chain.estimateGas({ ...call, gas: request.gas }, { deadline }),
    context.balance({ deadline }),
  ])
  if (balance.status === 'rejected') throw balance.reason
  const kept = balance.value
  const isRefused = estimate.status === 'rejected'
  const needed = isRefused
    ? await estimateUnpaid(context, call, kept, deadline)
    : estimate.value
  if (needed === undefined || fees.status === 'rejected') {
    await assertFunds(context, kept, value, deadline, 'unknown')
    if (isRefused) throw toRefusal(estimate.reason)
    throw (fees as PromiseRejectedResult).reason
  }
  const wanted = withMargin(needed)
  const gas =
    request.gas ?? (await fitGas(context, { wanted, needed }, deadline))
  const size = { bytes: toBytes(request), gas }
  const beside = await context.dataFee(size, { deadline })
  const quoted = Fees.quote(fees.value, request, gas, lessData(caps, beside))
  const most = value + gas * quoted.maxFeePerGas + totalOf(beside)
  await assertFunds(context, kept, most, deadline, beside)
  if (isRefused) throw toRefusal(estimate.reason)
  return { gas, fees: quoted, beside }
}

/**
 * Nodes don't estimate a payment of more than there is. The error contains its
 * fee anyway, so that nobody tops up too little.
 */
async function estimateUnpaid(
  { chain }: Context,
  call: Call,
  kept: bigint,
  deadline: number,
): Promise<bigint | undefined> {
  if (kept >= call.value || call.data !== '0x') return undefined
  return chain
    .estimateGas({ ...call, value: 0n }, { deadline })
    .catch(() => undefined)
}

/**
 * Checks that a request succeeds with the given gas.
 *
 * @throws WouldFailError
 */
export async function assertRuns(
  { chain, account }: Context,
  { to, value, data, accessList }: SendRequest,
  gas: bigint,
  deadline: number,
): Promise<void> {
  const call = { from: account.address, to, value, data, accessList, gas }
  await chain.estimateGas(call, { deadline }).catch((error: unknown) => {
    throw toRefusal(error)
  })
}

/** A rollup's extra charges are part of a transaction's maximum cost. */
export function lessData(caps: Fees.Caps, beside: RollupFee): Fees.Caps {
  const left = caps.maxTxFee - totalOf(beside)
  return { ...caps, maxTxFee: left > 0n ? left : 0n }
}

/**
 * The balance may be a second old, so it is requested again before a refusal.
 *
 * @throws InsufficientFundsError
 */
export async function assertFunds(
  { chain, account }: Context,
  kept: bigint,
  needed: bigint,
  deadline: number,
  beside: RollupFee | 'unknown' = noFee,
): Promise<void> {
  if (kept >= needed) return
  const { address } = account
  const balance = await chain.getBalance(address, { deadline })
  if (balance < needed)
    throw new InsufficientFundsError(address, balance, needed, beside)
}

/** Whether an error means that the request won't be mined as is. */
export function isRefusal(error: unknown): error is BaseError {
  return (
    error instanceof WouldFailError ||
    error instanceof GasLimitError ||
    error instanceof InsufficientFundsError ||
    error instanceof Fees.FeeCapError ||
    error instanceof CreationNotAllowedError ||
    error instanceof PossibleRepeatError ||
    error instanceof RequestExpiredError ||
    error instanceof NotAuthorizedError
  )
}

/**
 * Checks that a request may still be signed, and be sent for the first time.
 *
 * @throws RequestExpiredError
 */
export function assertInTime(
  { validUntil }: Pick<SendRequest, 'validUntil'>,
  { now }: Pick<Runtime, 'now'>,
): void {
  if (validUntil !== undefined && validUntil <= now())
    throw new RequestExpiredError(validUntil)
}

/**
 * Adds a fifth, because the state may be different when the transaction is
 * mined.
 */
function withMargin(estimate: bigint): bigint {
  return estimate === 21_000n ? estimate : estimate + estimate / 5n
}

/** Failures of a call's execution, besides errors that no pool accepts. */
const faults =
  /revert|vm (?:exception|error)|evm error|execution failed|write protection|call depth|address collision|invalid code|out of bounds/i

/**
 * Converts a node's answer about a failing call to an error. The node's own
 * problems stay as they are.
 */
function toRefusal(error: unknown): unknown {
  if (!(error instanceof RpcRefusedError)) return error
  const { reason, data, hasRevertCode } = error
  const revert = RevertReason.describe(data)
  if (revert !== undefined)
    return new WouldFailError(`it reverts with ${revert}`)
  const failure = classifySurely(error)
  const fails =
    hasRevertCode ||
    // The balance seemed enough when it was read, but the node knows better.
    failure === 'insufficient-funds' ||
    failure === 'never' ||
    faults.test(reason)
  return fails ? new WouldFailError(`the node says "${reason}"`) : error
}

/** The call would fail, so mining it would only cost gas. */
export class WouldFailError extends BaseError {
  constructor(reason: string) {
    super('would-fail', `The transaction would fail: ${reason}.`, {
      details:
        'Nothing was signed. Correct the call, or send it again when the state of the chain has changed.',
    })
    this.name = 'WouldFailError'
  }
}

/** The account's balance doesn't cover the amount and the maximum fee. */
export class InsufficientFundsError extends BaseError {
  constructor(
    address: string,
    balance: bigint,
    needed: bigint,
    /**
     * The part of the required amount that a rollup charges in addition to gas.
     * If the whole fee is unknown, the required amount doesn't contain it.
     */
    beside: RollupFee | 'unknown' = noFee,
  ) {
    const [what, more] =
      beside === 'unknown'
        ? ['amount alone', 'plus the fee']
        : [
            `amount plus ${list([
              'the maximum fee',
              ...toPart('the data fee', beside.data),
              ...toPart('the operator fee', beside.operator),
            ])}`,
            'or more',
          ]
    super(
      'insufficient-funds',
      `${address} has ${EtherAmount.fromWei(balance)} ether, but the ${what} ` +
        `is ${EtherAmount.fromWei(needed)} ether.`,
      {
        details:
          needed > allEther
            ? 'Nothing was signed. Check the amount: it is more than all the ether in existence (about 120 million).'
            : `Nothing was signed. Send ${EtherAmount.fromWei(needed - balance)} ether ${more} to the account, and try again.`,
      },
    )
    this.name = 'InsufficientFundsError'
  }
}

/** A larger amount is a mistake, for example an amount of wei given as ether. */
const allEther = 121_000_000n * 10n ** 18n

function toPart(name: string, wei: bigint): string[] {
  return wei === 0n ? [] : [`${name} (${EtherAmount.fromWei(wei)} ether)`]
}

function list(parts: readonly string[]): string {
  const last = parts.at(-1) ?? ''
  return parts.length < 2
    ? last
    : `${parts.slice(0, -1).join(', ')} and ${last}`
}

/** `valid_until` passed before anything was signed. */
export class RequestExpiredError extends BaseError {
  constructor(validUntil: number) {
    super(
      'request-expired',
      `The request was valid until ${new Date(validUntil).toISOString()}.`,
      {
        details:
          'Nothing was signed. If you still want to pay, send a new request.',
      },
    )
    this.name = 'RequestExpiredError'
  }
}
