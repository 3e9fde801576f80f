import { define } from '../../program/define.js'
import { stack } from '../../program/inputs.js'

export const freezeCommand = define('freeze', {
  description: 'emergency stop: no function runs, the key is disabled',
  takes: { stack },
  help: `Asks nothing; unfreeze undoes it. Every part is tried; exit 3 when one is
left to another principal. Calls lambda:PutFunctionConcurrency (and
GetFunctionConcurrency), kms:DisableKey (and DescribeKey),
cloudformation:DescribeStacks, ListStackResources, GetTemplate.`,
  examples: ['keyward freeze', 'keyward freeze --stack treasury --json'],
  run: async (terminal, options) =>
    (await import('./switchStack.js')).freezeStack(terminal, options),
})
