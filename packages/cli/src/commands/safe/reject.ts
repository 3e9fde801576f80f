import { note } from '@keyward/toolkit'
import { define } from '../../program/define.js'
import { text } from '../../program/Input.js'
import { urls, yes } from '../../program/inputs.js'
import { parseNumber } from './parseSafe.js'
import {
  assertNone,
  force,
  need,
  needHash,
  newBundle,
  proposal,
  safeFile,
  stackInputs,
} from './safeInputs.js'

export const rejectCommand = define('reject', {
  description: 'propose an empty call in the place of another proposal',
  takes: {
    proposal,
    safeFile,
    urls,
    nonce: text('--nonce <n>', 'of the proposal to be rejected', parseNumber),
    out: newBundle,
    force,
    ...stackInputs,
    yes,
  },
  help: `What is signed stays valid until the Safe's nonce moves: nobody can take a
signature back. The owners approve and execute the rejection like any other
proposal; whichever of the two is executed first is the one that counts.

With --stack the coordinator stops approvals and its own execution, and proposes
the empty call where somebody had signed. Calls lambda:InvokeFunction on
<stack>-coordinator, or your alias of it.`,
  examples: [
    'keyward safe reject --safe-file treasury.safe.json --nonce 4 --out reject-4.json',
    'keyward safe reject 0x4124…a655 --stack treasury --caller dora',
  ],
  async run(terminal, options) {
    const { stack, proposal, safeFile, nonce, out } = options
    const safe = await import('@keyward/toolkit/safe')
    if (stack === undefined) {
      assertNone(options, ['proposal', 'caller'], 'without --stack')
      const about = {
        ...options,
        safeFile: need(safeFile, '--safe-file'),
        nonce: need(nonce, '--nonce'),
        out: need(out, '--out'),
      }
      const result = await import('./proposedResult.js')
      const show = result.showProposed(terminal)
      const proposed = await safe.reject(terminal, about, show)
      const { red } = terminal.stderr.style
      note(
        terminal,
        red(
          `What is signed at nonce ${about.nonce} stays valid until the Safe's nonce moves:\napprove and execute this rejection before somebody executes the other.`,
        ),
      )
      return result.proposedResult(proposed)
    }
    assertNone(options, ['safeFile', 'nonce', 'out', 'force'], 'with --stack')
    const hash = needHash(proposal)
    const { rejectedResult } = await import('./stackResults.js')
    return rejectedResult(
      await safe.rejectInStack(terminal, { ...options, stack }, hash),
    )
  },
})
