import { maskHex, quote } from '@keyward/core/errors'
import { toColumns } from '@keyward/toolkit'
import { type SenderOptions, txCommand } from '@keyward/toolkit/send'
import { adoptFields, fieldsOf } from '../../input/fieldsOf.js'
import { assertAdoption } from '../../input/readOperation.js'
import type { Result } from '../../output/Result.js'
import type { Terminal } from '../../terminal/Terminal.js'
import { withSender } from './withSender.js'

export type AdoptOptions = Omit<SenderOptions, 'caller'> & {
  hash: string
  /** Whose request it was: not the one who runs the command. */
  caller: string
  /** Idempotency key of the request. */
  as: string
  yes: boolean
}

/** Writes down which request a transaction was that repair found. */
export async function adoptTransaction(
  terminal: Terminal,
  options: AdoptOptions,
): Promise<Result> {
  const { hash, caller, as: key, yes } = options
  const fields = fieldsOf(adoptFields, options)
  const sender = { ...options, caller: undefined }
  const read = () => assertAdoption(fields)
  return withSender(terminal, sender, read, async (access) => {
    const action = `takes the transaction ${hash} for the request ${quote(key)} of ${quote(caller)}, which is then never sent again,`
    await terminal.confirm({ target: access.target, action, yes })
    const adopted = await access.adopt(fields)
    const { transaction_id: id, signed_tx_hash, nonce, status } = adopted
    return {
      data: adopted,
      text: toColumns([
        ['transaction', id],
        ['key', maskHex(key)],
        ['of', caller],
        ['hash', signed_tx_hash ?? undefined],
        ['nonce', nonce === null ? undefined : String(nonce)],
        ['status', status],
        ['then', txCommand('show', thenOptions(options), id)],
      ]),
    }
  })
}

/** The caller sees it by its own alias; `*` and others are none. */
function thenOptions({ caller, ...options }: AdoptOptions): SenderOptions {
  const isAlias = options.ledger === undefined && /^[\w-]+$/.test(caller)
  return { ...options, ...(isAlias && { caller }) }
}
