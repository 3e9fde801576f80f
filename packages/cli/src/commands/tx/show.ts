import { define } from '../../program/define.js'
import { transactionInputs } from '../../program/senderInputs.js'

export const showCommand = define('show', {
  description: 'show everything that is known about it',
  takes: transactionInputs,
  examples: ['keyward tx show order-17'],
  run: async (terminal, options) =>
    (await import('./showTransaction.js')).showTransaction(terminal, options),
})
