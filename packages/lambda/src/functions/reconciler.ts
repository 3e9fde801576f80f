import { createReconciler, ReconcilerOperation } from '@keyward/sender'
import { tidyGuard } from '../policy/tidyGuard.js'
import { isUnfreeze, unfreezeGuard } from '../policy/unfreezeGuard.js'
import { AdministratorsOnlyError } from '../runtime/AdministratorsOnlyError.js'
import * as Caller from '../runtime/Caller.js'
import { serveInvocations } from '../runtime/serveInvocations.js'
import { toMetric } from '../runtime/toMetric.js'
import { openSending } from '../sending/openSending.js'
import { openWebhook } from '../sending/openWebhook.js'
import { toOptions } from '../sending/toOptions.js'
import { readStatus } from '../signing/readStatus.js'

const sending = openSending(process.env)
const { config, gate, log } = sending
const reconciler = createReconciler({
  ...toOptions(sending),
  // One line of the log, which CloudWatch makes metrics of.
  metrics: log.metric,
  webhook: openWebhook(sending),
})

/** Through this alias come the administrators; the clock has one of its own. */
const adminAlias = 'admin'
const ownAliases = [adminAlias, 'clock']

/**
 * Brings to an end what the sender began; the clock invokes it, with any event,
 * through the alias `clock`. Answers `status`, as the signers do.
 * Through the alias `admin` it is asked for `repair`, `adopt` and
 * `unfreeze_guard` as well. Asks
 * KMS once for each replacement (`kms:Sign`), and `kms:GetPublicKey` at first
 * unless the address is pinned; on the ledger's table GetItem, BatchGetItem,
 * PutItem, UpdateItem and Query.
 */
export const handler = serveInvocations<object>(
  sending,
  async ({ event, caller, context, deadline }) => {
    if (Caller.isStatus(event))
      return { answer: await readStatus(sending, deadline), message: 'status' }
    if (caller === adminAlias && isUnfreeze(event))
      return unfreezeGuard(sending, event, deadline)
    const asked = read(event, caller)
    const tidying = gate && tidyGuard(gate, log, { deadline, context })
    const answer = await ReconcilerOperation.perform(reconciler, asked, {
      deadline,
    }).finally(() => tidying)
    const fields = {
      operation: asked.operation,
      network: config.network.name,
      chain_id: config.network.chainId,
    }
    if (!('notices' in answer)) {
      const message = asked.operation === 'repair' ? 'repaired' : 'adopted'
      return { answer, message, fields, audit: true }
    }
    for (const { type, text, ...of } of answer.notices)
      log.warn(text, { code: type, ...of })
    // How old the lease is that keeps this run from its work.
    const heldForMs = answer.skipped ? answer.skippedForMs : 0
    if (heldForMs > 0)
      log.metric(
        toMetric(context, 'SkippedSeconds', Math.round(heldForMs / 1000)),
      )
    const message = answer.skipped
      ? 'another reconciler is running'
      : 'reconciled'
    return { answer, message, fields }
  },
  ownAliases,
)

/** The clock's event is anything; only administrators are asked what they want. */
function read(
  event: unknown,
  caller: string | undefined,
): ReconcilerOperation.ReconcilerOperation {
  const isNamed =
    typeof event === 'object' && event !== null && 'operation' in event
  if (caller === adminAlias && isNamed)
    return ReconcilerOperation.fromEvent(event)
  // What somebody meant to be done must not seem to be.
  if (isNamed && event.operation !== 'reconcile')
    throw new AdministratorsOnlyError(event.operation, caller)
  return { operation: 'reconcile' }
}
