import { maskHex } from '@keyward/core/errors'
import type { SendWire } from '@keyward/sender'
import { toColumns } from '@keyward/toolkit'
import type { SenderAccess, SenderOptions } from '@keyward/toolkit/send'
import { txCommand } from '@keyward/toolkit/send'
import { fieldsOf, referenceOf, speedUpFields } from '../../input/fieldsOf.js'
import { readOperation } from '../../input/readOperation.js'
import type { Result } from '../../output/Result.js'
import type { Terminal } from '../../terminal/Terminal.js'
import { withSender } from './withSender.js'

type OnOne = SenderOptions & { transaction: string; yes: boolean }

export type SpeedUpOptions = OnOne & {
  speed: string | undefined
  maxFeePerGas: string | undefined
  gas: string | undefined
}

/** Replaces what is signed by the same at higher fees. */
export function speedUpTransaction(
  terminal: Terminal,
  options: SpeedUpOptions,
): Promise<Result> {
  const fields = {
    ...referenceOf(options.transaction),
    ...fieldsOf(speedUpFields, options),
  }
  return change(terminal, options, {
    read: () => readOperation('speed_up', fields),
    action: 'pays more for the transaction',
    ask: (access) => access.speedUp(fields),
  })
}

/** Stops a transaction, or replaces what is signed of it. */
export function cancelTransaction(
  terminal: Terminal,
  options: OnOne,
): Promise<Result> {
  const fields = referenceOf(options.transaction)
  return change(terminal, options, {
    read: () => readOperation('cancel', fields),
    action: 'cancels the transaction',
    ask: (access) => access.cancel(fields),
  })
}

function change(
  terminal: Terminal,
  options: OnOne,
  how: {
    read(): unknown
    action: string
    ask(access: SenderAccess): Promise<SendWire>
  },
): Promise<Result> {
  return withSender(terminal, options, how.read, async (access) => {
    const action = `${how.action} ${maskHex(options.transaction)}`
    await terminal.confirm({ target: access.target, action, yes: options.yes })
    const answer = await how.ask(access)
    return {
      data: answer,
      text: toColumns([
        ['transaction', answer.transaction_id],
        ['hash', answer.signed_tx_hash ?? undefined],
        ['replaced by', answer.cancel_tx_hash],
        ['status', answer.status],
        ['problem', answer.problem],
        ['then', txCommand('watch', options, answer.transaction_id)],
      ]),
    }
  })
}
