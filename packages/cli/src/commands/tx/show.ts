import { define } from '../../program/define.js'
import { transactionInputs } from '../../program/senderInputs.js'

export const showCommand = define('show', {
  description: 'show everything about a transaction',
  takes: transactionInputs,
  examples: ['keyward tx show order-17'],
  async run(terminal, options) {
    const { showTransaction } = await import('@keyward/toolkit/send')
    const { data, fee, chainId } = await showTransaction(terminal, options)
    const { transactionText } = await import('./transactionText.js')
    const { style } = terminal.stdout
    return {
      data: { ...data, ...(fee !== undefined && { fee_wei: String(fee) }) },
      text: transactionText(data, { fee, chainId, style }),
    }
  },
})
