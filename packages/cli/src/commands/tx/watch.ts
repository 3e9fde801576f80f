import { define } from '../../program/define.js'
import { timeout, transactionInputs } from '../../program/senderInputs.js'

export const watchCommand = define('watch', {
  description: 'wait until it is mined or has ended',
  takes: { ...transactionInputs, timeout },
  examples: ['keyward tx watch order-17 --timeout 600'],
  run: async (terminal, options) =>
    (await import('./watchTransaction.js')).watchTransaction(terminal, options),
})
