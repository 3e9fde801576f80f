import { define } from '../../program/define.js'
import { oldMaxFee } from '../../program/feeInputs.js'
import { list, required, text } from '../../program/Input.js'
import { dryRun, newLedger, tokens, yes } from '../../program/inputs.js'
import { parseAddress, parseFee } from '../../program/parsers.js'
import {
  permissions,
  senderInputs,
  timeout,
} from '../../program/senderInputs.js'

export const sweepCommand = define('sweep', {
  description: 'move everything an account has: tokens, then the rest',
  takes: {
    ...senderInputs,
    newLedger,
    to: required(
      text('--to <address>', 'the receiver of everything', parseAddress),
    ),
    tokens,
    skip: list('--skip <address...>', 'tokens that stay', parseAddress),
    maxFee: text(
      '--max-fee-per-gas <wei>',
      'most that a unit of gas may cost, such as 2gwei',
      parseFee,
    ),
    oldMaxFee,
    timeout,
    dryRun,
    yes,
  },
  help: `Shows a plan first. The chain's own currency goes last, all of it but the
fee; while a token is left it stays, since it pays for moving that token. If it is
interrupted, run it again: it continues.

Exit 0: all is moved; 1: refused or failed; 3: in part, or still on its way.
${permissions}`,
  examples: [
    'keyward sweep --to 0x7099…79C8 --dry-run',
    'keyward sweep --to 0x7099…79C8',
    'keyward sweep --stack treasury --to 0x7099…79C8 --token 0x6B17…1d0F',
  ],
  async run(terminal, options) {
    const { sweepAccount } = await import('@keyward/toolkit/sweep')
    const { plan, done } = await sweepAccount(terminal, options)
    const { sweptResult } = await import('./sweptResult.js')
    return sweptResult(plan, done)
  },
})
