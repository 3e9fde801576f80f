import { define } from '../../program/define.js'
import { yes } from '../../program/inputs.js'
import { transactionInputs } from '../../program/senderInputs.js'

export const cancelCommand = define('cancel', {
  description:
    'stop it; what is already signed is replaced by a zero-value transfer to itself',
  takes: { ...transactionInputs, yes },
  examples: ['keyward tx cancel order-17'],
  async run(terminal, options) {
    const { cancelTransaction } = await import('./replaceTransaction.js')
    return cancelTransaction(terminal, options)
  },
})
