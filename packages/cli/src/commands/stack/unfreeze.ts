import { InputError, quote } from '@keyward/core/errors'
import { define } from '../../program/define.js'
import { text, toggle } from '../../program/Input.js'
import { stack, yes } from '../../program/inputs.js'

export const unfreezeCommand = define('unfreeze', {
  description: 'undo keyward freeze: enable the key and let the functions run',
  takes: {
    stack,
    concurrency: text(
      '--concurrency <n>',
      "concurrent executions per function, or none for no limit (default: the template's)",
      parseConcurrency,
    ),
    guard: toggle(
      '--guard',
      "only lift a halt of the guard, which counts the policy's windows",
    ),
    yes,
  },
  help: `Tries every step; exit code 3 if another principal must do one of them.
Calls lambda:PutFunctionConcurrency or DeleteFunctionConcurrency, kms:EnableKey
(and DescribeKey), cloudformation:DescribeStacks, ListStackResources,
GetTemplate. With --guard, calls only lambda:InvokeFunction on
<stack>-reconciler:status and :admin, which the stack's administrators may call.`,
  examples: [
    'keyward unfreeze',
    'keyward unfreeze --stack treasury --yes',
    'keyward unfreeze --concurrency none',
    'keyward unfreeze --guard --stack treasury',
  ],
  run: async (terminal, options) =>
    (await import('./switchStack.js')).unfreezeStack(terminal, options),
})

function parseConcurrency(typed: string): number | null {
  if (typed === 'none') return null
  if (/^\d{1,6}$/.test(typed)) return Number(typed)
  throw new InputError(`--concurrency ${quote(typed)} is not a valid limit.`, {
    details: 'Pass a whole number, or the word none.',
  })
}
