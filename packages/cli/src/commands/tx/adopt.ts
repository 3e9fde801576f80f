import { maskHex } from '@keyward/core/errors'
import { toColumns } from '@keyward/toolkit'
import type { SenderOptions } from '@keyward/toolkit/send'
import { define } from '../../program/define.js'
import { required, text } from '../../program/Input.js'
import { yes } from '../../program/inputs.js'
import { ledgerInputs } from '../../program/senderInputs.js'
import { repairPermissions } from './repairPermissions.js'

export const adoptCommand = define('adopt', {
  description: 'assign a transaction that repair found to its request',
  takes: {
    hash: required(text('<hash>', 'hash of the transaction')),
    ...ledgerInputs,
    caller: required(
      text('--caller <alias>', 'the caller of the request; see below'),
    ),
    as: required(text('--as <key>', "the request's idempotency key")),
    yes,
  },
  help: `If the caller then repeats the request, the answer is this transaction, and
nothing is paid twice. You can't undo the assignment.

--caller is the alias of the sender through which the request came: '*' for a
stack without callers, cli for keyward send --ledger, '*library' for the library
without a caller. If you pass the wrong alias, a repeated request is paid twice.
${repairPermissions}`,
  examples: [
    'keyward tx adopt 0x5c50… --caller payouts --as order-17',
    "keyward tx adopt 0x5c50… --caller '*' --as order-17 --stack treasury",
  ],
  async run(terminal, options) {
    const send = await import('@keyward/toolkit/send')
    const data = await send.adoptTransaction(terminal, options)
    const then = thenOptions(options)
    const { transaction_id: id, signed_tx_hash: hash, nonce } = data
    return {
      data,
      text: toColumns([
        ['transaction', id],
        ['request', maskHex(options.as)],
        ['caller', options.caller],
        ['hash', hash ?? undefined],
        ['nonce', nonce === null ? undefined : String(nonce)],
        ['status', data.status],
        ['next', send.txCommand('show', then, id)],
        [
          '',
          then.caller &&
            `(as the caller ${then.caller}, because each alias is for one caller)`,
        ],
      ]),
    }
  },
})

/**
 * A caller sees the transaction through its own alias. `*` and similar names
 * are not aliases.
 */
function thenOptions({
  caller,
  ...options
}: SenderOptions & { caller: string }): SenderOptions {
  const isAlias = options.ledger === undefined && /^[\w-]+$/.test(caller)
  return { ...options, ...(isAlias && { caller }) }
}
