import { usageError } from '@keyward/toolkit'
import { define } from '../../program/define.js'
import { text } from '../../program/Input.js'
import { urls, yes } from '../../program/inputs.js'
import { parseAddress } from '../../program/parsers.js'
import { parseData, parseEther, parseNumber } from './parseSafe.js'
import {
  assertNone,
  force,
  need,
  newBundle,
  openInputs,
  safeFile,
  stackInputs,
} from './safeInputs.js'

export const proposeCommand = define('propose', {
  description: 'write a proposal for the owners of a Safe',
  takes: {
    safeFile,
    urls,
    ...stackInputs,
    to: text('--to <address>', 'the recipient or contract', parseAddress),
    amount: text(
      '--amount <ether>',
      "amount of the chain's own currency, such as 0.1",
      parseEther,
    ),
    data: text('--data <hex>', 'call data', parseData),
    batch: text(
      '--batch <file>',
      'a JSON file with several calls, [{"to","value","data"}], with value in wei',
    ),
    nonce: text('--nonce <n>', "nonce (default: the Safe's next)", parseNumber),
    ...openInputs,
    out: newBundle,
    force,
    yes,
  },
  help: `Shows the proposal as the owners will see it. Signs nothing and doesn't call
AWS. Dangers are shown, but the exit code is still 0. Co-signers refuse dangers
that their owners don't open by name.

With --stack, the coordinator stores the proposal for its co-signers. Calls
lambda:InvokeFunction on <stack>-coordinator, or your alias of it.`,
  examples: [
    'keyward safe propose --safe-file treasury.safe.json --to 0x7099…79C8 --amount 1.5 --out payment.json',
    'keyward safe propose --safe-file treasury.safe.json --batch salaries.json --out salaries.proposal.json',
    'keyward safe propose --stack treasury --caller dora --to 0x7099…79C8 --amount 1.5',
  ],
  async run(terminal, options) {
    const { to, batch, amount, data } = options
    if ((to === undefined) === (batch === undefined))
      usageError('pass --to with an address, or --batch.')
    if (batch !== undefined && (amount !== undefined || data !== undefined))
      usageError("--batch can't be used with --amount or --data.")
    const { stack, safeFile, out } = options
    const safe = await import('@keyward/toolkit/safe')
    if (stack === undefined) {
      assertNone(options, ['caller'], 'without --stack')
      const about = {
        ...options,
        safeFile: need(safeFile, '--safe-file'),
        out: need(out, '--out'),
      }
      const result = await import('./proposedResult.js')
      const show = result.showProposed(terminal)
      return result.proposedResult(await safe.propose(terminal, about, show))
    }
    assertNone(
      options,
      ['safeFile', 'out', 'force', 'open', 'openCall'],
      'with --stack',
    )
    const { proposalResult } = await import('./stackResults.js')
    return proposalResult(
      await safe.proposeToStack(terminal, { ...options, stack }),
    )
  },
})
