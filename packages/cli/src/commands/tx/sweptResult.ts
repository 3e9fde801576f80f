import { toColumns, wrapLines } from '@keyward/toolkit'
import { OnChain } from '@keyward/toolkit/node'
import { type Move, Plan, type Swept, sweptData } from '@keyward/toolkit/sweep'
import type { Result } from '../../output/Result.js'

/**
 * @param done - Undefined in a dry run.
 * @param columns - The width of the terminal; undefined in a pipe.
 */
export function sweptResult(
  plan: Plan.Plan,
  done: Swept | undefined,
  columns: number | undefined,
): Result {
  const data = sweptData(plan, done)
  if (done === undefined)
    return { data, text: `${Plan.format(plan)}\nNothing was sent.` }
  const { moves, stopped, left } = done
  const complete = stopped === undefined
  const inPart = moves.length > 0 && moves.every(({ end }) => end !== 'failed')
  return {
    data,
    text: toColumns([
      // The reader needs it most.
      ['STOPPED', stopped && wrapLines(stopped, columns && columns - 9)],
      ...(moves.length === 0 && complete
        ? [
            [
              'moved',
              'nothing: the account has nothing that can be moved',
            ] as const,
          ]
        : moves.map((move) => [move.end, moveText(move)] as const)),
      ['left', OnChain.format(left)],
    ]),
    exitCode: complete ? 0 : inPart ? 3 : 1,
  }
}

function moveText({ what, data }: Move): string {
  const { block_number: block, explorer, signed_tx_hash: hash } = data
  return [
    what,
    ...(typeof block === 'number' ? [`in block ${block}`] : []),
    String(explorer ?? hash ?? data.transaction_id),
  ].join('  ')
}
