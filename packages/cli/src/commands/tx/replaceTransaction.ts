import { maskHex } from '@keyward/core/errors'
import type { SendWire } from '@keyward/sender'
import { toColumns } from '@keyward/toolkit'
import type { SenderAccess } from '@keyward/toolkit/send'
import {
  openSenderAccess,
  type SenderOptions,
  txCommand,
  withAccess,
} from '@keyward/toolkit/send'
import { fieldsOf, referenceOf, speedUpFields } from '../../input/fieldsOf.js'
import { readOperation } from '../../input/readOperation.js'
import type { Result } from '../../output/Result.js'
import type { Terminal } from '../../terminal/Terminal.js'

type OnOne = SenderOptions & { reference: string }

export type SpeedUpOptions = SenderOptions & {
  speed?: string
  maxFee?: string
  gas?: string
  yes: boolean
}

/** Replaces what is signed by the same at higher fees. */
export async function speedUpTransaction(
  terminal: Terminal,
  options: OnOne & SpeedUpOptions,
): Promise<Result> {
  const fields = {
    ...referenceOf(options.reference),
    ...fieldsOf(speedUpFields, options),
  }
  readOperation('speed_up', fields)
  const action = `pays more for the transaction ${maskHex(options.reference)}`
  return change(terminal, options, action, (access) => access.speedUp(fields))
}

/** Stops a transaction, or replaces what is signed of it. */
export async function cancelTransaction(
  terminal: Terminal,
  options: OnOne & { yes: boolean },
): Promise<Result> {
  const fields = referenceOf(options.reference)
  readOperation('cancel', fields)
  const action = `cancels the transaction ${maskHex(options.reference)}`
  return change(terminal, options, action, (access) => access.cancel(fields))
}

function change(
  terminal: Terminal,
  options: OnOne & { yes: boolean },
  action: string,
  ask: (access: SenderAccess) => Promise<SendWire>,
): Promise<Result> {
  return withAccess(openSenderAccess(terminal, options), async (access) => {
    await terminal.confirm({ target: access.target, action, yes: options.yes })
    const answer = await ask(access)
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
