import { createRpc } from '@keyward/sender'
import { note, toColumns } from '@keyward/toolkit'
import { assertUrls, OnChain } from '@keyward/toolkit/node'
import type { SenderOptions } from '@keyward/toolkit/send'
import {
  finishEarlier,
  type Move,
  type Outcome,
  Plan,
  readPlan,
  runPlan,
} from '@keyward/toolkit/sweep'
import type { Result } from '../../output/Result.js'
import type { Terminal } from '../../terminal/Terminal.js'
import { withSender } from './withSender.js'

export type SweepOptions = SenderOptions & {
  /** EIP-55, as all addresses here. */
  to: string
  tokens: readonly string[]
  skip: readonly string[]
  /** Of a unit of gas, in wei. */
  maxFee: bigint | undefined
  timeout: number
  dryRun: boolean
  yes: boolean
}

/** Attempts are given up after this; people wait for it. */
const timeoutMs = 10_000

/** Moves everything that an account has to another address. */
export function sweepAccount(
  terminal: Terminal,
  options: SweepOptions,
): Promise<Result> {
  const { to, tokens, skip, maxFee } = options
  const read = () => assertUrls(options.urls)
  // What sends nothing begins nothing either.
  const sender = { ...options, yes: options.yes || options.dryRun }
  return withSender(terminal, sender, read, async (access, urls) => {
    const { address: from, network, chainId } = await access.status()
    const { dryRun, yes, timeout: timeoutS } = options
    const action = `moves everything of ${from} to ${to}`
    if (!dryRun) terminal.assertAskable({ target: access.target, action, yes })
    const rpc = createRpc({ urls, chainId, timeoutMs })
    const following = { chainId, urls, timeoutS }
    await finishEarlier(
      terminal,
      { access, rpc, from },
      { ...following, sender: options, dryRun },
    )
    const wish = { from, to, network, chainId, tokens, skip, maxFee }
    const plan = await readPlan(rpc, wish)
    if (dryRun)
      return {
        data: { ...head(plan), dryRun, plan: Plan.toJson(plan) },
        text: `${Plan.format(plan)}\nNothing was sent.`,
      }
    note(terminal, Plan.format(plan))
    let outcome: Outcome = { moves: [], stopped: undefined }
    if (!Plan.isEmpty(plan)) {
      await terminal.confirm({ target: access.target, action, yes })
      const work = {
        ...{ io: terminal, access, rpc, plan, maxFee },
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
    return toResult(plan, outcome, left)
  })
}

function toResult(
  plan: Plan.Plan,
  { moves, stopped }: Outcome,
  left: OnChain.OnChain,
): Result {
  const complete = stopped === undefined
  const inPart = moves.length > 0 && moves.every(({ end }) => end !== 'failed')
  return {
    data: {
      ...head(plan),
      dryRun: false,
      plan: Plan.toJson(plan),
      moves: moves.map(({ what, data, end }) => ({ what, end, ...data })),
      left: OnChain.toJson(left),
      complete,
      stopped: stopped ?? null,
    },
    text: toColumns([
      ...(moves.length === 0 && complete
        ? [['moved', 'nothing: there is nothing to move'] as const]
        : moves.map((move) => [move.end, moveText(move)] as const)),
      ['left', OnChain.format(left)],
      ['STOPPED', stopped],
    ]),
    exitCode: complete ? 0 : inPart ? 3 : 1,
  }
}

function head({ from, to, network, chainId }: Plan.Plan) {
  return { from, to, network, chainId }
}

function moveText({ what, data }: Move): string {
  const { block_number: block, explorer, signed_tx_hash: hash } = data
  return [
    what,
    ...(typeof block === 'number' ? [`in block ${block}`] : []),
    String(explorer ?? hash ?? data.transaction_id),
  ].join('  ')
}
