import { define } from '../../program/define.js'
import { text } from '../../program/Input.js'
import { stack, urls } from '../../program/inputs.js'
import { parseCaller } from '../../program/parsers.js'

export const doctorCommand = define(
  'doctor',
  'check everything that sending needs, and say what to fix',
  {
    takes: {
      stack,
      caller: text('--caller <alias>', 'your alias of the sender', parseCaller),
      urls,
    },
    help: `Exit 0: nothing to fix; 1: something needs attention. Changes nothing. Calls what
keyward status does, lambda:InvokeFunction on <stack>-sender, and of the ledger
dynamodb:DescribeTable, GetResourcePolicy, DescribeContinuousBackups.`,
    examples: [
      'keyward doctor',
      'keyward doctor --stack treasury --caller payouts --json',
    ],
    run: async (terminal, options) =>
      (await import('./examineStack.js')).examineStack(terminal, options),
  },
)
