import { createRpc } from '@keyward/sender'
import type { AwsConnection } from '../aws/connectAws.js'
import type { Io } from '../Io.js'
import { readNetwork } from '../node/readNetwork.js'
import { isSeen, readStatus, type StackStatus } from '../stack/readStatus.js'
import { StackMissingError } from '../stack/StackMissingError.js'
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
  checkNoPolicy,
  checkUnguarded,
} from './checkStatus.js'

/**
 * Examines everything that a stack needs to send transactions.
 *
 * @throws StackMissingError
 */
export function examineStack(
  io: Io,
  options: {
    stack: string | undefined
    caller: string | undefined
    urls: readonly string[] | undefined
  },
): Promise<{
  stack: string
  checks: Check[]
  /** Whether the stack has a sender. */
  sends: boolean
}> {
  return withStack(io, options, (connection, stack) =>
    examine(connection, stack, options),
  )
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
): Promise<{ stack: string; checks: Check[]; sends: boolean }> {
  const status = await readStatus(connection, stack)
  const sends = hasSender(status)
  const wasSeen = isSeen(status)
  if (!wasSeen && !sends)
    throw new StackMissingError(stack, connection.target, { hidden: true })
  const checks = [
    checkClock(connection),
    ...checkFrozen(status),
    ...status.accounts.flatMap((one) => checkKey(one, stack)),
    ...checkFunctions(status),
    ...checkNoPolicy(status),
    ...checkUnguarded(status),
    ...checkSafe(status),
    ...(sends
      ? await checkSender(connection, stack, {
          caller: options.caller,
          isSeen: wasSeen,
        })
      : []),
    ...(await checkOwnGuard(connection, status)),
    ...(await checkProtection(connection, stack)),
    ...(await checkOwnRpc(options.urls, status)),
  ]
  return { stack, checks, sends }
}

/**
 * A stack with only an owner, or one that only signs, intentionally doesn't
 * send.
 */
const hasSender = ({ stack, functions }: StackStatus) =>
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
          found: `${endpoint} serves ${network.name} and answered in ${latencyMs} ms`,
        }
      : problem(
          'your RPC',
          sentence(error),
          'Correct --rpc-url, RPC_URL or ETH_RPC_URL.',
        ),
  )
}
