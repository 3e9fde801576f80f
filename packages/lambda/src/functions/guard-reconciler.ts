import { tidyGuard } from '../policy/tidyGuard.js'
import { isUnfreeze, unfreezeGuard } from '../policy/unfreezeGuard.js'
import { AdministratorsOnlyError } from '../runtime/AdministratorsOnlyError.js'
import * as Caller from '../runtime/Caller.js'
import { readGuardConfig } from '../runtime/config.js'
import { createLog } from '../runtime/log.js'
import { serveInvocations } from '../runtime/serveInvocations.js'
import { readGuardStatus } from '../signing/readStatus.js'
import { openGate } from '../signing/signer.js'

const config = readGuardConfig(process.env)
const log = createLog(config.logLevel)
const gate = openGate(config, undefined)
const { network } = config

/** The alias that administrators use. The clock uses a different one. */
const adminAlias = 'admin'
const ownAliases = [adminAlias, 'clock']

/**
 * Maintains the windows of a stack that only signs, like the reconciler of a
 * stack that sends. The clock invokes it through the alias `clock`. The alias
 * `admin` also accepts `unfreeze_guard`. It has no key. Needs GetItem, PutItem,
 * UpdateItem and Query on the windows' table.
 */
export const handler = serveInvocations<object>(
  { config, log },
  async ({ event, caller, context, deadline }) => {
    if (Caller.isStatus(event)) {
      const guard = await readGuardStatus({ config, gate }, deadline)
      const { name, chainId } = network
      const answer = { network: name, chain_id: chainId, ...guard }
      return { answer, message: 'status' }
    }
    if (caller === adminAlias && isUnfreeze(event))
      return unfreezeGuard({ config, gate }, event, deadline)
    assertReconcile(event, caller)
    if (gate) await tidyGuard(gate, log, { deadline, context })
    const answer = await readGuardStatus({ config, gate }, deadline)
    const fields = { operation: 'reconcile', network: network.name }
    return { answer, message: 'reconciled', fields }
  },
  ownAliases,
)

/** The clock's event can be anything. @throws AdministratorsOnlyError */
function assertReconcile(event: unknown, caller: string | undefined): void {
  const isNamed =
    typeof event === 'object' && event !== null && 'operation' in event
  if (isNamed && event.operation !== 'reconcile')
    throw new AdministratorsOnlyError(event.operation, caller)
}
