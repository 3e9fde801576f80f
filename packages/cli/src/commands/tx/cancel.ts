import { define } from '../../program/define.js'
import { yes } from '../../program/inputs.js'
import { transactionInputs } from '../../program/senderInputs.js'
import { replacedResult } from './replacedResult.js'

export const cancelCommand = define('cancel', {
  description:
    'stop a transaction; if it is signed, replace it with a zero-value transfer to the account itself',
  takes: { ...transactionInputs, yes },
  examples: ['keyward tx cancel order-17'],
  async run(terminal, options) {
    const send = await import('@keyward/toolkit/send')
    const data = await send.cancelTransaction(terminal, options)
    return replacedResult(
      data,
      send.txCommand('watch', options, data.transaction_id),
    )
  },
})
