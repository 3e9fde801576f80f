import { maskHex } from '@keyward/core/errors'
import type { SendWire } from '@keyward/sender'
import type { Io } from '../Io.js'
import { fieldsOf, referenceOf, speedUpFields } from './fieldsOf.js'
import { readOperation } from './readOperation.js'
import type { SenderOptions } from './readSender.js'
import type { SenderAccess } from './SenderAccess.js'
import { withSender } from './withSender.js'

type OnOne = SenderOptions & { transaction: string; yes: boolean }

export type SpeedUpOptions = OnOne & {
  speed: string | undefined
  maxFeePerGas: string | undefined
  gas: string | undefined
}

/** Replaces a signed transaction with the same transaction at higher fees. */
export function speedUpTransaction(
  io: Io,
  options: SpeedUpOptions,
): Promise<SendWire> {
  const fields = {
    ...referenceOf(options.transaction),
    ...fieldsOf(speedUpFields, options),
  }
  return change(io, options, {
    read: () => readOperation('speed_up', fields),
    action: (id) =>
      `replaces the transaction ${id} with one that pays higher fees`,
    ask: (access) => access.speedUp(fields),
  })
}

/** Stops a transaction, or replaces it if it has already been signed. */
export function cancelTransaction(io: Io, options: OnOne): Promise<SendWire> {
  const fields = referenceOf(options.transaction)
  return change(io, options, {
    read: () => readOperation('cancel', fields),
    action: (id) => `cancels the transaction ${id}`,
    ask: (access) => access.cancel(fields),
  })
}

function change(
  io: Io,
  options: OnOne,
  how: {
    read(): unknown
    action(id: string): string
    ask(access: SenderAccess): Promise<SendWire>
  },
): Promise<SendWire> {
  return withSender(io, options, how.read, async (access) => {
    const action = how.action(maskHex(options.transaction))
    await io.confirm({ target: access.target, action, yes: options.yes })
    return how.ask(access)
  })
}
