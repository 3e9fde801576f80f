import { setTimeout as sleep } from 'node:timers/promises'
import { isDescribed } from '@keyward/core/errors'
import type { Rpc } from '@keyward/sender'
import { type Io, note } from '../Io.js'
import { currencyOf } from '../networks/explorerLink.js'
import * as Account from '../node/Account.js'
import { quantity } from '../node/quantity.js'
import * as Token from '../node/Token.js'
import { type FollowOptions, follow } from '../send/follow.js'
import { txCommand } from '../send/nextStep.js'
import type { SenderOptions } from '../send/readSender.js'
import type { Fields, SenderAccess } from '../send/SenderAccess.js'
import { summarize } from '../send/summarize.js'
import { formatUnits } from '../text/formatUnits.js'
import { keyPrefix } from './finishEarlier.js'
import * as NativeMove from './NativeMove.js'
import type { Plan } from './Plan.js'
import { sendOnce } from './sendOnce.js'
import * as TokenTransfer from './TokenTransfer.js'

/** A transfer that was sent, and how it ended. */
export type Move = {
  /** What was sent, as text for users, for example `20 USDC`. */
  what: string
  /** The id that `keyward send` returns. */
  data: Record<string, unknown>
  end: 'mined' | 'failed' | 'pending'
}

export type Outcome = {
  moves: readonly Move[]
  /** The reason why the remaining transfers were not started. */
  stopped: string | undefined
}

type Work = {
  io: Io
  access: SenderAccess
  rpc: Rpc
  plan: Plan
  options: FollowOptions
  /** The caller's cap, in wei per gas. */
  maxFee: bigint | undefined
  /** The sender, for the commands in messages. */
  sender: SenderOptions
}

/** A node behind a load balancer may lag a few blocks behind. */
const visibleWithinMs = 60_000

/**
 * Carries out a plan. All tokens come first. The chain's own currency follows
 * only if no token is left, because without the currency no token could be
 * moved.
 */
export async function runPlan(work: Work): Promise<Outcome> {
  const tokens = await moveTokens(work)
  if (tokens.stopped !== undefined) return tokens
  const native = await moveNative(work, tokens.moves)
  return { ...native, moves: [...tokens.moves, ...native.moves] }
}

async function moveTokens(work: Work): Promise<Outcome> {
  const { plan, maxFee } = work
  const sent: Sent[] = []
  let stopped: string | undefined
  // All are sent before the first one is awaited, so their nonces stay in
  // order.
  for (const token of plan.tokens) {
    const fields = {
      ...TokenTransfer.toFields(token, plan.to),
      ...(maxFee !== undefined && { max_fee_per_gas: String(maxFee) }),
    }
    const one = await send(work, {
      what: Token.format(token),
      asset: token.address,
      nonce: plan.nonce,
      fields,
    })
    if ('stopped' in one) {
      stopped = one.stopped
      break
    }
    sent.push(one)
  }
  const moves: Move[] = []
  for (const one of sent) moves.push(await followOne(work, one))
  const bad = moves.find(({ end }) => end !== 'mined')
  return {
    moves,
    stopped: stopped ?? (bad ? whyStopped(work, bad) : await findLeft(work)),
  }
}

/** Whether a contract accepted the call but moved nothing, or only a part. */
async function findLeft({ rpc, plan }: Work): Promise<string | undefined> {
  for (const token of plan.tokens) {
    const left = await Token.readBalance(rpc, token, plan.from)
    if (left.amount !== 0n)
      return `the account still has ${Token.format(left)} (${token.address}): sweep again, or leave this token behind with --skip ${token.address}`
  }
  return undefined
}

async function moveNative(
  work: Work,
  before: readonly Move[],
): Promise<Outcome> {
  const { plan, rpc, maxFee } = work
  const { from, to, chainId } = plan
  const price = await NativeMove.readPrice(rpc, { from, to, maxFee })
  const state = await readState(rpc, from, plan.nonce + BigInt(before.length))
  if (state === undefined)
    return {
      moves: [],
      stopped: 'the node does not show the last block yet: sweep again',
    }
  const native = NativeMove.create(price, state.wei)
  if (native.value === 0n) return { moves: [], stopped: undefined }
  const what = `${formatUnits(native.value, 18)} ${currencyOf(chainId)}`
  const one = await send(work, {
    what,
    asset: 'native',
    nonce: state.nonce,
    fields: NativeMove.toFields(native, to),
  })
  if ('stopped' in one) return { moves: [], stopped: one.stopped }
  const move = await followOne(work, one)
  return { moves: [move], stopped: whyStopped(work, move) }
}

/**
 * The account's state after all earlier transfers; undefined if the node
 * doesn't show it yet.
 */
async function readState(
  rpc: Rpc,
  from: string,
  nonce: bigint,
): Promise<{ nonce: bigint; wei: bigint } | undefined> {
  const end = Date.now() + visibleWithinMs
  for (;;) {
    const account = await Account.read(rpc, from)
    if (account.nonce >= nonce && account.waiting === 0n) {
      // The balance is read after the nonce, so that anything that another
      // sweep moves meanwhile either has already left the balance or uses the
      // same idempotency key.
      const method = 'eth_getBalance'
      const wei = await rpc.request(method, [from, 'latest'])
      return { nonce: account.nonce, wei: quantity(wei, method) }
    }
    if (Date.now() >= end) return undefined
    await sleep(1000)
  }
}

type Sent = { what: string; transactionId: string }

/**
 * A refusal is reported rather than thrown, because earlier transfers may
 * already have been sent.
 */
async function send(
  { io, access, plan }: Work,
  {
    what,
    asset,
    nonce,
    fields,
  }: { what: string; asset: string; nonce: bigint; fields: Fields },
): Promise<Sent | { stopped: string }> {
  note(io, `Sending ${what}`)
  // A table can contain the transactions of several accounts and chains.
  const key = `${keyPrefix}${plan.chainId}-${plan.from}-${nonce}-${asset}`
  try {
    const { transaction_id } = await sendOnce(access, key, fields)
    return { what, transactionId: transaction_id }
  } catch (error) {
    if (!isDescribed(error)) throw error
    const { shortMessage, details } = error
    return { stopped: [shortMessage, details].filter(Boolean).join(' ') }
  }
}

async function followOne(
  { io, access, options }: Work,
  { what, transactionId }: Sent,
): Promise<Move> {
  const reference = { transaction_id: transactionId }
  const followed = await follow(io, access, reference, options)
  const { data, end } = summarize(followed, options.chainId)
  return {
    what,
    data,
    end: end === 'mined' || end === 'pending' ? end : 'failed',
  }
}

function whyStopped(
  { sender }: Work,
  { what, data, end }: Move,
): string | undefined {
  if (end === 'mined') return undefined
  return end === 'pending'
    ? `the transfer of ${what} is still pending: sweep again when it is mined`
    : `the transfer of ${what} did not succeed. For details, run: ` +
        `${txCommand('show', sender, String(data.transaction_id))}`
}
