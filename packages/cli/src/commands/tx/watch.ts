import { define } from '../../program/define.js'
import { timeout, transactionInputs } from '../../program/senderInputs.js'

export const watchCommand = define('watch', {
  description: 'wait until a transaction is mined or has ended',
  takes: { ...transactionInputs, timeout },
  examples: ['keyward tx watch order-17 --timeout 600'],
  async run(terminal, options) {
    const { watchTransaction } = await import('@keyward/toolkit/send')
    const { followedResult } = await import('../../output/followedResult.js')
    const { followed, paid, chainId } = await watchTransaction(
      terminal,
      options,
    )
    return followedResult(followed, chainId, options, {
      ...{ style: terminal.stdout.style, paid },
    })
  },
})
