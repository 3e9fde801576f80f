import { quote } from '@keyward/core/errors'
import type { SendWire } from '@keyward/sender'
import type { Io } from '../Io.js'
import { adoptFields, fieldsOf } from './fieldsOf.js'
import { assertAdoption } from './readOperation.js'
import type { SenderOptions } from './readSender.js'
import { withSender } from './withSender.js'

export type AdoptOptions = Omit<SenderOptions, 'caller'> & {
  hash: string
  /** The caller of the original request, not the user who runs the command. */
  caller: string
  /** The request's idempotency key. */
  as: string
  yes: boolean
}

/** Records the request to which a transaction that `repair` found belongs. */
export async function adoptTransaction(
  io: Io,
  options: AdoptOptions,
): Promise<SendWire> {
  const { hash, caller, as: key, yes } = options
  const fields = fieldsOf(adoptFields, options)
  const sender = { ...options, caller: undefined }
  const read = () => assertAdoption(fields)
  return withSender(io, sender, read, async (access) => {
    const action = `assigns the transaction ${hash} to the request ${quote(key)} of the caller ${quote(caller)} (that request is then never sent again)`
    await io.confirm({ target: access.target, action, yes })
    return access.adopt(fields)
  })
}
