import { type Review, reviewData } from '@keyward/safe'
import { note, shellWord, toColumns } from '@keyward/toolkit'
import type { Proposed } from '@keyward/toolkit/safe'
import { dangersText, reviewText } from '@keyward/toolkit/safe'
import type { Result } from '../../output/Result.js'
import type { Terminal } from '../../terminal/Terminal.js'

/** Shows a transaction as the co-signers will see it. */
export const showProposed = (terminal: Terminal) => (seen: Review) => {
  const { style } = terminal.stderr
  note(terminal, reviewText(seen, style))
  if (seen.findings.length > 0) note(terminal, style.red(dangersText(seen)))
}

export function proposedResult({ seen, out }: Proposed): Result {
  const dangers = [...new Set(seen.findings.map(({ danger }) => danger))]
  return {
    data: { ...reviewData(seen), file: out },
    text: toColumns([
      ['proposal', out],
      ['nonce', String(seen.transaction.nonce)],
      dangers.length === 0
        ? ['next', `keyward safe approve --in ${shellWord(out)} …`]
        : [
            'dangers',
            `${dangers.join(', ')} (co-signers will refuse the proposal)`,
          ],
    ]),
  }
}
