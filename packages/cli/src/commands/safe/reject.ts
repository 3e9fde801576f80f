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
  description: 'reject a proposal, with an empty call at the same nonce',
  takes: {
    proposal,
    safeFile,
    urls,
    nonce: text('--nonce <n>', 'nonce of the proposal to reject', parseNumber),
    out: newBundle,
    force,
    ...stackInputs,
    yes,
  },
  help: `A signed proposal stays valid until its nonce is used: nobody can revoke a
signature. The owners approve and execute the rejection like any other
proposal. Only the one that is executed first takes effect.

With --stack, the coordinator stops accepting approvals for the proposal and no
longer executes it. If someone has already signed, it also proposes the empty
call. Only the proposal's own proposer can do this, or a proposer who is also an
approver. Calls lambda:InvokeFunction on <stack>-coordinator, or your alias of
it.`,
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
          `A signed proposal with nonce ${about.nonce} stays valid until that nonce is used:\napprove and execute this rejection before someone executes that proposal.`,
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
