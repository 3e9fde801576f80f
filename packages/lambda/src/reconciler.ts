import { createReconciler } from '@keyward/sender'
import { openSending } from './sending/openSending.js'
import { openWebhook } from './sending/openWebhook.js'
import { serveInvocations } from './serveInvocations.js'

const sending = openSending(process.env)
const { config, key, ledger, rpc, log } = sending
const reconciler = createReconciler({
  key,
  ledger,
  rpc,
  maxFeePerGas: config.maxFeePerGas,
  maxTxFee: config.maxFee,
  ...(config.confirmations !== undefined && {
    confirmations: config.confirmations,
  }),
  // One line of the log, which CloudWatch makes metrics of.
  metrics: (line) => process.stdout.write(`${line}\n`),
  webhook: openWebhook(sending),
})

/**
 * Brings to an end what the sender began; the clock invokes it, with any event.
 * Asks KMS once for each replacement (`kms:Sign`), and `kms:GetPublicKey` at
 * first unless the address is pinned; on the ledger's table GetItem,
 * BatchGetItem, PutItem, UpdateItem and Query.
 */
export const handler = serveInvocations<object>(
  sending,
  async ({ deadline }) => {
    const report = await reconciler.run({ deadline })
    for (const { type, text, transaction_id, nonce } of report.notices)
      log.warn(text, { code: type, transaction_id, nonce })
    return {
      answer: report,
      message: report.skipped ? 'another reconciler is at work' : 'reconciled',
      fields: {
        network: config.network.name,
        chain_id: config.network.chainId,
      },
    }
  },
)
