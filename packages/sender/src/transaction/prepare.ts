import { BaseError, EtherAmount, NotAuthorizedError } from '@keyward/core'
import type { Runtime } from '@keyward/core/rpc'
import { RpcRefusedError } from '@keyward/core/rpc'
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

/** What is decided before a nonce is given away. */
export type Prepared = {
  gas: bigint
  fees: Fees.Fees
  /** What a rollup takes beside gas. */
  beside: RollupFee
}

/**
 * Looks whether a request can be mined as it is: the call does not fail, the
 * fees are below the caps, the account can pay. One question to the node, and
 * now and then three at once.
 *
 * @throws WouldFailError, GasLimitError, InsufficientFundsError, FeeCapError,
 * RequestExpiredError; what the RPC client throws when the node can't be asked
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
  await assertFunds(context, balance.value, value, deadline)
  if (estimate.status === 'rejected') throw toRefusal(estimate.reason)
  if (fees.status === 'rejected') throw fees.reason
  const needed = estimate.value
  const wanted = withMargin(needed)
  const gas =
    request.gas ?? (await fitGas(context, { wanted, needed }, deadline))
  const size = { bytes: toBytes(request), gas }
  const beside = await context.dataFee(size, { deadline })
  const quoted = Fees.quote(fees.value, request, gas, lessData(caps, beside))
  const most = value + gas * quoted.maxFeePerGas + totalOf(beside)
  await assertFunds(context, balance.value, most, deadline, beside)
  return { gas, fees: quoted, beside }
}

/**
 * Whether a request runs with the gas that somebody has named for it.
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

/** What a rollup takes beside gas is part of what a transaction may cost. */
export function lessData(caps: Fees.Caps, beside: RollupFee): Fees.Caps {
  const left = caps.maxTxFee - totalOf(beside)
  return { ...caps, maxTxFee: left > 0n ? left : 0n }
}

/**
 * The balance may be a second old; before anything is refused for it, it is
 * asked for anew.
 *
 * @throws InsufficientFundsError
 */
export async function assertFunds(
  { chain, account }: Context,
  kept: bigint,
  needed: bigint,
  deadline: number,
  beside = noFee,
): Promise<void> {
  if (kept >= needed) return
  const { address } = account
  const balance = await chain.getBalance(address, { deadline })
  if (balance < needed)
    throw new InsufficientFundsError(address, balance, needed, beside)
}

/** Whether an error says that the request as it is will not be mined. */
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
 * What stops a request from being signed, and from being sent for the first time.
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

/** A fifth more, as the state may be another one when it is mined. */
function withMargin(estimate: bigint): bigint {
  return estimate === 21_000n ? estimate : estimate + estimate / 5n
}

/** What runs of code end with, beside what no pool takes. */
const faults =
  /revert|vm (?:exception|error)|evm error|execution failed|write protection|call depth|address collision|invalid code|out of bounds/i

/** What a node says of a call that fails, apart from its own troubles. */
function toRefusal(error: unknown): unknown {
  if (!(error instanceof RpcRefusedError)) return error
  const { reason, data, hasRevertCode } = error
  const revert = RevertReason.describe(data)
  if (revert !== undefined) return new WouldFailError(`it reverts: ${revert}`)
  const failure = classifySurely(error)
  const fails =
    hasRevertCode ||
    // The balance was enough when it was asked for; the node says better.
    failure === 'insufficient-funds' ||
    failure === 'never' ||
    faults.test(reason)
  return fails ? new WouldFailError(`the node says: ${reason}`) : error
}

/** The call would fail, so that mining it would only cost gas. */
export class WouldFailError extends BaseError {
  constructor(reason: string) {
    super('would-fail', `The transaction would fail: ${reason}.`, {
      details:
        'Nothing was signed. Correct the call, or send it again when the state of the chain has changed.',
    })
    this.name = 'WouldFailError'
  }
}

/** The account does not hold the amount and the highest fee. */
export class InsufficientFundsError extends BaseError {
  constructor(
    address: string,
    balance: bigint,
    needed: bigint,
    /** Of what is needed, what a rollup takes beside gas. */
    beside = noFee,
  ) {
    const what = list([
      'amount',
      'highest fee',
      ...toPart('data fee', beside.data),
      ...toPart('operator fee', beside.operator),
    ])
    super(
      'insufficient-funds',
      `${address} holds ${EtherAmount.fromWei(balance)} ether; ${what} come to ${EtherAmount.fromWei(needed)}.`,
      {
        details: `Nothing was signed. Send ${EtherAmount.fromWei(needed - balance)} ether or more to the account, and try again.`,
      },
    )
    this.name = 'InsufficientFundsError'
  }
}

function toPart(name: string, wei: bigint): string[] {
  return wei === 0n ? [] : [`${name} (${EtherAmount.fromWei(wei)})`]
}

function list(parts: readonly string[]): string {
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}

/** `valid_until` has passed before anything was signed. */
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
