import { createRpc } from '@keyward/sender'
import { type Io, note } from '../Io.js'
import { assertUrls, OnChain } from '../node/index.js'
import { notePolicyUnasked } from '../send/notePolicyUnasked.js'
import type { SenderOptions } from '../send/readSender.js'
import { withSender } from '../send/withSender.js'
import { finishEarlier } from './finishEarlier.js'
import * as Plan from './Plan.js'
import { readPlan } from './readPlan.js'
import { type Outcome, runPlan } from './runPlan.js'

export type SweepOptions = SenderOptions & {
  /** In EIP-55 form, like all addresses here. */
  to: string
  tokens: readonly string[]
  skip: readonly string[]
  /** In wei per unit of gas. */
  maxFee: bigint | undefined
  timeout: number
  dryRun: boolean
  yes: boolean
}

export type Swept = Outcome & {
  /** The account's current balances. */
  left: OnChain.OnChain
}

/**
 * Converts the result to the `--json` output. @param done - Undefined in a dry
 * run.
 */
export function sweptData(plan: Plan.Plan, done: Swept | undefined): object {
  const { from, to, network, chainId } = plan
  const head = { from, to, network, chainId, dryRun: done === undefined }
  if (done === undefined) return { ...head, plan: Plan.toJson(plan) }
  const { moves, stopped, left } = done
  return {
    ...head,
    plan: Plan.toJson(plan),
    moves: moves.map(({ what, data, end }) => ({ what, end, ...data })),
    left: OnChain.toJson(left),
    complete: stopped === undefined,
    stopped: stopped ?? null,
  }
}

/** Timeout per attempt, kept short because a person is waiting. */
const timeoutMs = 10_000

/**
 * Moves all of an account's assets to another address.
 *
 * @returns The plan, and what was done; undefined in a dry run.
 */
export function sweepAccount(
  io: Io,
  options: SweepOptions,
): Promise<{ plan: Plan.Plan; done: Swept | undefined }> {
  const { to, tokens, skip, maxFee } = options
  const read = () => assertUrls(options.urls)
  // A dry run doesn't begin a ledger either.
  const sender = { ...options, yes: options.yes || options.dryRun }
  return withSender(io, sender, read, async (access, urls) => {
    const status = await access.status()
    const { address: from, network, chainId } = status
    const { dryRun, yes, timeout: timeoutS } = options
    const action = `moves everything from ${from} to ${to}`
    if (!dryRun) io.assertAskable({ target: access.target, action, yes })
    const rpc = createRpc({ urls, chainId, timeoutMs })
    const following = { chainId, urls, address: from, timeoutS }
    await finishEarlier(
      io,
      { access, rpc, from },
      { ...following, sender: options, dryRun },
    )
    const wish = { from, to, network, chainId, tokens, skip, maxFee }
    const plan = await readPlan(rpc, wish)
    if (!dryRun) note(io, Plan.format(plan))
    // The plan is all that a person confirms, so it says this in any case.
    if (!Plan.isEmpty(plan)) notePolicyUnasked(io, status)
    if (dryRun) return { plan, done: undefined }
    let outcome: Outcome = { moves: [], stopped: undefined }
    if (!Plan.isEmpty(plan)) {
      await io.confirm({ target: access.target, action, yes })
      const work = {
        ...{ io: io, access, rpc, plan, maxFee },
        ...{ options: following, sender: options },
      }
      outcome = await runPlan(work)
    }
    const left = await OnChain.read({
      urls,
      network: { name: network, chainId },
      address: from,
      tokens,
    })
    return { plan, done: { ...outcome, left } }
  })
}
