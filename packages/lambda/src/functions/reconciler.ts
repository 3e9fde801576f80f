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
  // Writes one log line, from which CloudWatch creates metrics.
  metrics: log.metric,
  webhook: openWebhook(sending),
})

/** The alias that administrators use. The clock uses a different one. */
const adminAlias = 'admin'
const ownAliases = [adminAlias, 'clock']

/**
 * Finishes the transactions that the sender began. The clock invokes it, with
 * any event, through the alias `clock`. Answers `status`, like the signers. The
 * alias `admin` also accepts `repair`, `adopt` and `unfreeze_guard`. Calls
 * `kms:Sign` once for each replacement, and `kms:GetPublicKey` first unless the
 * address is pinned. Needs GetItem, BatchGetItem, PutItem, UpdateItem and Query
 * on the ledger's table.
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
    // How long another reconciler's lease has blocked runs.
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

/**
 * The clock's event can be anything; only administrators choose an operation.
 */
function read(
  event: unknown,
  caller: string | undefined,
): ReconcilerOperation.ReconcilerOperation {
  const isNamed =
    typeof event === 'object' && event !== null && 'operation' in event
  if (caller === adminAlias && isNamed)
    return ReconcilerOperation.fromEvent(event)
  // A request that was not carried out must not seem to succeed.
  if (isNamed && event.operation !== 'reconcile')
    throw new AdministratorsOnlyError(event.operation, caller)
  return { operation: 'reconcile' }
}
