import { define } from '../../program/define.js'
import { maxFeePerGas, oldMaxFee } from '../../program/feeInputs.js'
import { text } from '../../program/Input.js'
import { yes } from '../../program/inputs.js'
import { transactionInputs } from '../../program/senderInputs.js'
import { replacedResult } from './replacedResult.js'

export const speedUpCommand = define('speed-up', {
  description: 'replace a transaction with the same one at higher fees',
  takes: {
    ...transactionInputs,
    speed: text('--speed <speed>', 'slow, normal or fast (default: fast)'),
    maxFeePerGas,
    oldMaxFee,
    gas: text('--gas <limit>', 'gas limit (default: as before)'),
    yes,
  },
  examples: [
    'keyward tx speed-up order-17',
    'keyward tx speed-up order-17 --gas 90000',
  ],
  async run(terminal, options) {
    const send = await import('@keyward/toolkit/send')
    const { data, newest } = await send.speedUpTransaction(terminal, options)
    return replacedResult(
      data,
      send.txCommand('watch', options, data.transaction_id),
      newest,
    )
  },
})
