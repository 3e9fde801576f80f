import { define } from '../../program/define.js'
import { newLedger, yes } from '../../program/inputs.js'
import {
  permissions,
  senderInputs,
  timeout,
} from '../../program/senderInputs.js'
import {
  assertNone,
  bundle,
  need,
  openInputs,
  proposal,
  safeFile,
} from './safeInputs.js'

export const executeCommand = define('execute', {
  description: 'send a proposal that enough owners have signed',
  takes: {
    proposal,
    safeFile,
    in: bundle,
    ...openInputs,
    ...senderInputs,
    newLedger,
    timeout,
    yes,
  },
  help: `Checks the signatures as the contract does, simulates the proposal, and sends it
as keyward send does: the same proposal is sent only once, however often you run
the command. The account that sends must not be an owner of the Safe.

With --stack and the hash of one of the stack's proposals, the coordinator has
its relayer send the transaction. Calls lambda:InvokeFunction on
<stack>-coordinator, or your alias of it.

Exit code 0: executed, according to the Safe's own log; 1: not executed; 3:
pending.
${permissions}`,
  examples: [
    'keyward safe execute --safe-file treasury.safe.json --in payment.json --stack relayer',
    'keyward safe execute --safe-file treasury.safe.json --in payment.json --ledger my-ledger --key alias/relayer',
    'keyward safe execute 0x4124…a655 --stack treasury --caller dora',
  ],
  async run(terminal, options) {
    const { proposal, safeFile, stack } = options
    if (proposal === undefined)
      return (await import('./executeProposal.js')).executeProposal(terminal, {
        ...options,
        safeFile: need(safeFile, '--safe-file'),
        in: need(options.in, '--in'),
      })
    assertNone(
      options,
      ['safeFile', 'in', 'ledger', 'key', 'newLedger', 'open', 'openCall'],
      'with a hash',
    )
    const { executeInStack, isOnItsWay } = await import('@keyward/toolkit/safe')
    const about = { ...options, stack: need(stack, '--stack') }
    const answer = await executeInStack(terminal, about, proposal)
    const { proposalResult } = await import('./stackResults.js')
    const isExecuted = answer.status === 'mined'
    return proposalResult(answer, isExecuted ? 0 : isOnItsWay(answer) ? 3 : 1)
  },
})
