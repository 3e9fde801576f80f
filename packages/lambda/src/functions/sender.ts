import { createSender, Operation, perform } from '@keyward/sender'
import * as Caller from '../runtime/Caller.js'
import { serveInvocations } from '../runtime/serveInvocations.js'
import { checkSending } from '../sending/checkSending.js'
import { openSending } from '../sending/openSending.js'
import { toOptions } from '../sending/toOptions.js'

const sending = openSending(process.env)
const { config } = sending
const { network } = config
const sender = createSender({
  ...toOptions(sending),
  notify: config.webhookUrl !== undefined,
})
const limits = {
  chainId: network.chainId,
  allowCreation: config.allowCreation,
}

/**
 * Sends transactions, each request once: `send`, `get`, `list`, `speed_up`,
 * `cancel` and `status`. Calls `kms:Sign` once for each signature, and
 * `kms:GetPublicKey` first unless the address is pinned. Needs GetItem,
 * BatchGetItem, PutItem, UpdateItem and Query on the ledger's table.
 */
export const handler = serveInvocations<object>(
  sending,
  async ({ event, caller: alias, deadline }) => {
    const request = Operation.fromEvent(event, limits)
    const caller = Caller.fromAlias(alias, config)
    const options = { caller, deadline }
    const { operation } = request
    const about = { operation, network: network.name }
    if (request.operation === 'status') {
      const answer = await checkSending(sending, deadline)
      return { answer, message: 'status' }
    }
    if (request.operation === 'send')
      await sending.rule?.assert(request.request, { deadline })
    const answer = await perform(sender, request, options)
    if (!('transaction_id' in answer))
      return { answer, message: 'listed', fields: about }
    return {
      answer,
      message: operation === 'get' ? 'told' : 'sending',
      audit: operation !== 'get',
      fields: {
        ...about,
        transaction_id: answer.transaction_id,
        hash: answer.signed_tx_hash ?? undefined,
        nonce: answer.nonce ?? undefined,
        status: answer.status,
      },
    }
  },
)
