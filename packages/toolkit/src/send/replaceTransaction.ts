import { maskHex } from '@keyward/core/errors'
import type { GetWire, SendWire } from '@keyward/sender'
import type { Io } from '../Io.js'
import { fieldsOf, referenceOf, speedUpFields } from './fieldsOf.js'
import { readOperation } from './readOperation.js'
import type { SenderOptions } from './readSender.js'
import type { SenderAccess } from './SenderAccess.js'
import { withSender } from './withSender.js'

type Attempt = GetWire['attempts'][number]
type OnOne = SenderOptions & { transaction: string; yes: boolean }

export type SpeedUpOptions = OnOne & {
  speed: string | undefined
  maxFeePerGas: string | undefined
  gas: string | undefined
}

/**
 * Replaces a signed transaction with the same transaction at higher fees.
 *
 * @returns Also the newest attempt, with its fees; undefined if it can't be
 * read.
 */
export function speedUpTransaction(
  io: Io,
  options: SpeedUpOptions,
): Promise<{ data: SendWire; newest: Attempt | undefined }> {
  const fields = {
    ...referenceOf(options.transaction),
    ...fieldsOf(speedUpFields, options),
  }
  return change(io, options, {
    read: () => readOperation('speed_up', fields),
    action: (id) =>
      `replaces the transaction ${id} with one that pays higher fees`,
    async ask(access) {
      const data = await access.speedUp(fields)
      const { transaction_id } = data
      const attempts = await access
        .get({ transaction_id })
        .then((answer) => answer.attempts)
        // The transaction is replaced already.
        .catch(() => [])
      const newest = attempts.find(({ hash }) => hash === data.signed_tx_hash)
      return { data, newest }
    },
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

function change<result>(
  io: Io,
  options: OnOne,
  how: {
    read(): unknown
    action(id: string): string
    ask(access: SenderAccess): Promise<result>
  },
): Promise<result> {
  return withSender(io, options, how.read, async (access) => {
    const action = how.action(maskHex(options.transaction))
    await io.confirm({ target: access.target, action, yes: options.yes })
    return how.ask(access)
  })
}
