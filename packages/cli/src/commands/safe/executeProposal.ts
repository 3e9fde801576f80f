import type { Outcome } from '@keyward/safe'
import { note, toColumns } from '@keyward/toolkit'
import {
  type ExecuteOptions,
  executeProposal as execute,
  reviewText,
} from '@keyward/toolkit/safe'
import { followedResult } from '../../output/followedResult.js'
import type { Result } from '../../output/Result.js'
import type { Terminal } from '../../terminal/Terminal.js'

/**
 * Sends, exactly once, a transaction that enough owners have signed, and
 * reports the Safe's logs.
 */
export async function executeProposal(
  terminal: Terminal,
  options: ExecuteOptions,
): Promise<Result> {
  const ended = await execute(terminal, options, (seen) =>
    note(terminal, reviewText(seen, terminal.stderr.style)),
  )
  if ('execution' in ended) return executedResult(ended.safeTx, ended.execution)
  const sender = { ...options, network: String(ended.chainId) }
  const result = followedResult(ended.followed, ended.chainId, sender)
  if (result.exitCode !== 0) return result
  note(
    terminal,
    'The transaction is mined, but the Safe did not log ExecutionSuccess, so the proposal might not have been executed.',
  )
  return { ...result, exitCode: 1 }
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
