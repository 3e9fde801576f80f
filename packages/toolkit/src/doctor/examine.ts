import { createRpc } from '@keyward/sender'
import type { AwsConnection } from '../aws/connectAws.js'
import type { Io } from '../Io.js'
import { readNetwork } from '../node/readNetwork.js'
import { readStatus, type StackStatus } from '../stack/readStatus.js'
import { withStack } from '../stack/withStack.js'
import { type Check, problem, sentence } from './Check.js'
import { checkClock } from './checkClock.js'
import { checkOwnGuard } from './checkGuard.js'
import { checkProtection } from './checkProtection.js'
import { checkSafe } from './checkSafe.js'
import { checkSender } from './checkSender.js'
import {
  checkFrozen,
  checkFunctions,
  checkKey,
  checkUnguarded,
} from './checkStatus.js'

/** Examines everything that a stack needs to send transactions. */
export function examineStack(
  io: Io,
  options: {
    stack: string | undefined
    caller: string | undefined
    urls: readonly string[] | undefined
  },
): Promise<{ stack: string; checks: Check[] }> {
  return withStack(io, options, async (connection, stack) => ({
    stack,
    checks: await examine(connection, stack, options),
  }))
}

/** Examines everything that sending needs, without changing anything. */
async function examine(
  connection: AwsConnection,
  stack: string,
  options: {
    caller: string | undefined
    /** The caller's own nodes. */
    urls: readonly string[] | undefined
  },
): Promise<Check[]> {
  const status = await readStatus(connection, stack)
  return [
    checkClock(connection),
    ...checkFrozen(status),
    ...status.accounts.flatMap(checkKey),
    ...checkFunctions(status),
    ...checkUnguarded(status),
    ...checkSafe(status),
    ...(sends(status)
      ? await checkSender(connection, stack, options.caller)
      : []),
    ...(await checkOwnGuard(connection, status)),
    ...(await checkProtection(connection, stack)),
    ...(await checkOwnRpc(options.urls, status)),
  ]
}

/**
 * A stack with only an owner, or one that only signs, intentionally doesn't
 * send.
 */
const sends = ({ stack, functions }: StackStatus) =>
  functions.some(({ name }) => name === `${stack}-sender`)

async function checkOwnRpc(
  urls: readonly string[] | undefined,
  { network: name }: StackStatus,
): Promise<Check[]> {
  const unchecked = (found: string): Check[] => [
    { name: 'your RPC', ok: undefined, found },
  ]
  if (urls === undefined) return unchecked('no endpoint is set')
  const network = readNetwork(name)
  if (network === undefined)
    return unchecked("not checked, because the stack's network is not known")
  const rpc = createRpc({ urls, chainId: network.chainId })
  const found = await rpc.check({ deadline: Date.now() + 15_000 })
  return found.map(({ endpoint, latencyMs, error }) =>
    error === undefined
      ? {
          name: 'your RPC',
          ok: true,
          found: `${endpoint} serves ${network.name}, and answered in ${latencyMs} ms`,
        }
      : problem(
          'your RPC',
          sentence(error),
          'Correct --rpc-url, RPC_URL or ETH_RPC_URL.',
        ),
  )
}
