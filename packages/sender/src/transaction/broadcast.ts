import { BaseError } from '@keyward/core'
import { RpcRefusedError } from '@keyward/core/rpc'
import { totalOf } from '../chain/createDataFee.js'
import { classify, type SendFailure } from '../chain/SendFailure.js'
import type { Attempt, Signed } from '../ledger/Attempt.js'
import type { Context } from './Context.js'

export type Outcome =
  | { sent: true }
  | { sent: false; failure: SendFailure | undefined; problem: string }

/** Signed bytes, whoever recorded them. */
type Bytes = Signed & Pick<Attempt, 'raw'>

/**
 * Sends stored bytes. If the node already has them, that is a success. Any
 * other refusal changes nothing about the stored bytes, so it is returned, not
 * thrown.
 */
export async function broadcast(
  context: Context,
  attempt: Bytes,
  deadline: number,
): Promise<Outcome> {
  const outcome = await send(context, attempt, deadline)
  if (outcome.sent) context.pools.note(attempt.hash, true)
  else if (!saidOfNodes.includes(outcome.failure))
    context.pools.note(attempt.hash, false)
  return outcome
}

/**
 * Answers that don't show whether a pool has the transaction; `undefined` means
 * that the answer was lost.
 */
const saidOfNodes: readonly (SendFailure | undefined)[] = [
  undefined,
  'other',
  'rate-limited',
  'service',
]

async function send(
  context: Context,
  attempt: Bytes,
  deadline: number,
): Promise<Outcome> {
  try {
    const hash = await context.chain.sendRaw(attempt.raw, { deadline })
    if (hash === attempt.hash) return { sent: true }
    return {
      sent: false,
      failure: undefined,
      problem: 'The node returned the hash of another transaction.',
    }
  } catch (error) {
    const failure = await read(context, attempt, error, deadline)
    if (failure === 'sent') return { sent: true }
    if (failure === 'fee-too-low' && error instanceof RpcRefusedError)
      context.floor.refused(error.reason, attempt)
    const problem = toProblem(error)
    return {
      ...{ sent: false, failure },
      problem:
        failure === 'insufficient-funds'
          ? `${problem.slice(0, 200)} (fund the account ${context.account.address}, or cancel this transaction)`
          : problem,
    }
  }
}

/** Answers about a transaction that the node has in a pool or a block. */
const saidOfKnown: readonly (SendFailure | undefined)[] = [
  'already-known',
  'already-mined',
  'nonce-too-low',
]

/** Finds the real cause of a refusal, which nodes don't always name. */
async function read(
  context: Context,
  attempt: Bytes,
  error: unknown,
  deadline: number,
): Promise<SendFailure | undefined | 'sent'> {
  const { chain } = context
  const failure = classify(error)
  if (failure === 'already-known' && chain.isPrivate) return 'sent'
  if (saidOfKnown.includes(failure)) {
    // Some nodes say this of bytes that they only remember and won't mine.
    const isShown = await chain
      .hasTransaction(attempt.hash, { deadline })
      .catch(() => failure === 'already-known')
    return isShown ? 'sent' : failure
  }
  if (failure !== 'insufficient-funds') return failure
  const isPayable = await canPay(context, attempt, error, deadline)
  return isPayable ? 'fee-too-low' : failure
}

/** If the text contains these words, the price is not the cause. */
const aboutMoney =
  /overshot|queued|pending transactions|l1 ?(?:cost|fee)|have \d+ want \d+/i

/**
 * Whether the account has what a node says it lacks: some chains say this when
 * the price is too low. Earlier pending transactions may need the rest.
 */
async function canPay(
  { chain, account, dataFee }: Context,
  { nonce, value, gas, maxFeePerGas, raw }: Bytes,
  error: unknown,
  deadline: number,
): Promise<boolean> {
  if (error instanceof RpcRefusedError && aboutMoney.test(error.reason))
    return false
  try {
    const bytes = raw.length / 2
    const [next, balance, beside] = await Promise.all([
      chain.getCount(account.address, 'latest', { deadline }),
      chain.getBalance(account.address, { deadline }),
      dataFee({ bytes, gas }, { deadline }),
    ])
    const most = value + gas * maxFeePerGas + totalOf(beside)
    return next === nonce && balance >= most
  } catch {
    return false
  }
}

/** Describes an error in one line, for a transaction's row. */
export function toProblem(error: unknown): string {
  if (error instanceof RpcRefusedError)
    return `The node answered with an error: ${error.reason}`.slice(0, 300)
  if (error instanceof BaseError) return error.shortMessage.slice(0, 300)
  return `An unexpected error occurred (${error instanceof Error ? error.name : typeof error}).`
}

/**
 * The node's own text in a description by {@link toProblem}, or in one by an
 * older version; undefined if it wasn't the node's answer.
 */
export function reasonIn(problem: string): string | undefined {
  return /^The node (?:answered with an error|refused it): (.*)$/s.exec(
    problem,
  )?.[1]
}
