import { Network } from '@keyward/core'
import { InputError } from '@keyward/core/errors'
import { type Danger, type Outcome, prepareExecution } from '@keyward/safe'
import { note, reading, toColumns } from '@keyward/toolkit'
import { findNetwork } from '@keyward/toolkit/node'
import { execute } from '@keyward/toolkit/safe'
import { type SenderOptions, withSender } from '@keyward/toolkit/send'
import { followedResult } from '../../output/followedResult.js'
import type { Result } from '../../output/Result.js'
import { reviewText } from '../../output/safe/reviewText.js'
import { styleFor, type Terminal } from '../../terminal/Terminal.js'
import {
  openSafe,
  readProposal,
  rulesOf,
  type SafeOptions,
} from './openSafe.js'

export type ExecuteOptions = SenderOptions &
  SafeOptions & {
    in: string
    open: readonly Danger.Danger[]
    openCall: readonly string[]
    timeout: number
    yes: boolean
  }

/** Sends what enough owners signed, once, and tells what the Safe logged. */
export async function executeProposal(
  terminal: Terminal,
  options: ExecuteOptions,
): Promise<Result> {
  const { timeout: timeoutS, yes } = options
  const { file, rpc, urls } = await openSafe(terminal, options)
  const { chainId } = file.domain
  await reading(() => assertChain(terminal, options.network, chainId))
  const proposal = await readProposal(terminal, options.in, file)
  const rules = rulesOf(options)
  const sender = { ...options, network: String(chainId) }
  const read = () => undefined
  return withSender(terminal, sender, read, async (access) => {
    const { address: relayer } = await access.status()
    const executable = await prepareExecution(
      { rpc, file, proposal, relayer, rules },
      (seen) =>
        note(
          terminal,
          reviewText(seen, styleFor(terminal.stderr, terminal.env)),
        ),
    )
    if ('outcome' in executable) {
      note(terminal, 'It was executed before: nothing was sent.')
      return executedResult(proposal.safeTx, executable)
    }
    note(terminal, `Sent by ${relayer}, by ${access.label}.`)
    await terminal.confirm({
      target: access.target,
      action: `executes the Safe transaction ${proposal.safeTx}`,
      yes,
    })
    const ended = await execute(terminal, access, proposal, executable, {
      ...{ rpc, urls, timeoutS },
    })
    if ('outcome' in ended) return executedResult(proposal.safeTx, ended)
    const result = followedResult(ended, chainId, sender)
    if (result.exitCode !== 0) return result
    note(
      terminal,
      "The transaction is mined, but without the Safe's log ExecutionSuccess: it is not known to be executed.",
    )
    return { ...result, exitCode: 1 }
  })
}

function executedResult(
  safeTxHash: string,
  { transaction, block }: Outcome.Execution,
): Result {
  return {
    data: {
      status: 'executed',
      safeTxHash,
      transactionHash: transaction,
      block: String(block),
    },
    text: toColumns([
      ['SafeTx', safeTxHash],
      ['status', `executed in block ${block}`],
      ['transaction', transaction],
    ]),
  }
}

/** @throws InputError where another chain is named than the safe file's */
function assertChain(
  terminal: Terminal,
  given: string | undefined,
  chainId: number,
): void {
  const named = given === undefined ? undefined : findNetwork(terminal, given)
  if (named === undefined || named.chainId === chainId) return
  throw new InputError(`--network ${named.name} is not the Safe's chain.`, {
    details: `The Safe is on ${Network.fromChainId(chainId).name} (${chainId}). Leave --network out, or name another --safe-file.`,
  })
}
