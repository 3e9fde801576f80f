import { define } from '../../program/define.js'
import { list } from '../../program/Input.js'
import { urls } from '../../program/inputs.js'
import {
  assertNone,
  need,
  proposal,
  safeFile,
  stackInputs,
} from './safeInputs.js'

export const statusCommand = define('status', {
  description: 'show a Safe, its pins, and the state of proposals',
  takes: {
    proposal,
    safeFile,
    urls,
    in: list('--in <file...>', 'proposals to show'),
    ...stackInputs,
  },
  help: `Exit code 1: the Safe does not match its pins. Signs nothing. Without --stack,
the command doesn't call AWS.

With --stack, the coordinator lists its proposals, or shows the one with the
hash that you pass. Calls lambda:InvokeFunction on <stack>-coordinator, or your
alias of it.`,
  examples: [
    'keyward safe status --safe-file treasury.safe.json',
    'keyward safe status --safe-file treasury.safe.json --in payment.json reject-4.json',
    'keyward safe status --stack treasury --caller dora',
  ],
  async run(terminal, options) {
    const { stack, proposal, safeFile } = options
    const safe = await import('@keyward/toolkit/safe')
    if (stack === undefined) {
      assertNone(options, ['proposal', 'caller'], 'without --stack')
      const about = { ...options, safeFile: need(safeFile, '--safe-file') }
      const shown = await safe.showSafe(terminal, about)
      return {
        data: shown.data,
        text: safe.safeText(shown, options.in, terminal.stdout.style),
        exitCode: shown.status.changes.length === 0 ? 0 : 1,
      }
    }
    assertNone(options, ['safeFile', 'in'], 'with --stack')
    const { multisigResult } = await import('./stackResults.js')
    const named = proposal === undefined ? [] : [proposal]
    return multisigResult(
      terminal,
      await safe.readMultisig(terminal, { ...options, stack }, named),
    )
  },
})
