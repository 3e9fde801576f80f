import { define } from '../../program/define.js'
import { toggle } from '../../program/Input.js'
import { stack } from '../../program/inputs.js'

export const freezeCommand = define('freeze', {
  description: 'emergency stop: stop all functions and disable the key',
  takes: {
    stack,
    yes: toggle(
      '-y, --yes',
      'has no effect: keyward freeze never asks for confirmation',
    ),
  },
  help: `Doesn't ask for confirmation; keyward unfreeze undoes it. Tries every step; exit
code 3 if another principal must do one of them. Calls
lambda:PutFunctionConcurrency (and GetFunctionConcurrency), kms:DisableKey (and
DescribeKey), cloudformation:DescribeStacks, ListStackResources, GetTemplate.`,
  examples: ['keyward freeze', 'keyward freeze --stack treasury --json'],
  run: async (terminal, options) =>
    (await import('./switchStack.js')).freezeStack(terminal, options),
})
