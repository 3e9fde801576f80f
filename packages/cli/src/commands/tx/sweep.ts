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
  description:
    "move everything that an account holds: tokens, then the chain's currency",
  takes: {
    ...senderInputs,
    newLedger,
    to: required(text('--to <address>', 'the receiving address', parseAddress)),
    tokens,
    skip: list('--skip <address...>', 'tokens to leave behind', parseAddress),
    maxFee: text(
      '--max-fee-per-gas <wei>',
      'the highest price per unit of gas, such as 2gwei',
      parseFee,
    ),
    oldMaxFee,
    timeout,
    dryRun,
    yes,
  },
  help: `Shows a plan first. Moves the chain's own currency last, all of it except the
fee. If a token could not be moved, the currency stays, because moving the token
later will cost a fee. If the command is interrupted, run it again to continue.

Exit code 0: everything is moved; 1: refused or failed; 3: partly done, or still
pending.
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
    return sweptResult(plan, done, terminal.stdout.columns)
  },
})
