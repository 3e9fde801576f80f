import { define } from '../../program/define.js'
import { newLedger, yes } from '../../program/inputs.js'
import {
  permissions,
  senderInputs,
  timeout,
} from '../../program/senderInputs.js'
import { bundle, openInputs, safeFile } from './safeInputs.js'

export const executeCommand = define('execute', {
  description: 'send what enough owners signed, once',
  takes: {
    safeFile,
    in: bundle,
    ...openInputs,
    ...senderInputs,
    newLedger,
    timeout,
    yes,
  },
  help: `Checks the signatures as the contract does, simulates, and sends it as keyward
send does: the same proposal is sent once, however often you call this. The
account that sends must own nothing of the Safe.
Exit 0: executed, by the Safe's own log; 1: it ended otherwise; 3: on its way.
${permissions}`,
  examples: [
    'keyward safe execute --safe-file treasury.safe.json --in payment.json --stack relayer',
    'keyward safe execute --safe-file treasury.safe.json --in payment.json --ledger my-ledger --key alias/relayer',
  ],
  run: async (terminal, options) =>
    (await import('./executeProposal.js')).executeProposal(terminal, options),
})
