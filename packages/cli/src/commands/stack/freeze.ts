import { define } from '../../program/define.js'
import { stack } from '../../program/inputs.js'

export const freezeCommand = define('freeze', {
  description: 'emergency stop: stop all functions and disable the key',
  takes: { stack },
  help: `Doesn't ask for confirmation; unfreeze undoes it. Tries every step; exit 3 if
another principal must do one. Calls lambda:PutFunctionConcurrency (and
GetFunctionConcurrency), kms:DisableKey (and DescribeKey),
cloudformation:DescribeStacks, ListStackResources, GetTemplate.`,
  examples: ['keyward freeze', 'keyward freeze --stack treasury --json'],
  run: async (terminal, options) =>
    (await import('./switchStack.js')).freezeStack(terminal, options),
})
