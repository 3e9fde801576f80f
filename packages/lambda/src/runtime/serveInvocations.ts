import * as Caller from './Caller.js'
import type { Context } from './Context.js'
import type { CommonConfig } from './config.js'
import type { Log, LogFields } from './log.js'
import { toFailure, toLogFields } from './toFailure.js'
import { toMetric } from './toMetric.js'

/** Time reserved for the answer, after calls to other services. */
const reserveMs = 200

/** The state that every function keeps between invocations. */
export type Setup = {
  /** Has no `keyId` if the function doesn't sign. */
  config: CommonConfig & { keyId?: string }
  log: Log
}

export type Invocation = {
  event: unknown
  /** The alias through which the function was invoked. */
  caller: string | undefined
  context: Context
  /** When to stop waiting for other services, in ms since 1970. */
  deadline: number
}

/** The result, for the caller and for the log. */
export type Done<answer> = {
  answer: answer
  message: string
  /** Whether the key was used or money moved, which is always logged. */
  audit?: boolean
  fields?: LogFields
}

/**
 * A function's handler: it checks the caller, does the work and logs one line.
 * Refusals are thrown, so that their class becomes the answer's `errorType`.
 *
 * @param ownAliases - Aliases that are accepted in addition to the callers'.
 */
export function serveInvocations<answer>(
  setup: Setup,
  work: (invocation: Invocation) => Promise<Done<answer>>,
  ownAliases?: readonly string[],
) {
  const { config, log } = setup
  return async (event: unknown, context: Context): Promise<answer> => {
    const start = performance.now()
    const since = () => ({ duration_ms: Math.round(performance.now() - start) })
    const deadline = Date.now() + context.getRemainingTimeInMillis() - reserveMs
    const caller = Caller.fromArn(context.invokedFunctionArn)
    const common = {
      request_id: context.awsRequestId,
      caller,
      key_id: config.keyId,
    }
    try {
      Caller.assertAllowed(caller, event, config, ownAliases)
      const { answer, message, fields, audit } = await work({
        event,
        caller,
        context,
        deadline,
      })
      log[audit ? 'audit' : 'info'](message, {
        ...common,
        ...fields,
        ...since(),
      })
      return answer
    } catch (error) {
      const failure = toFailure(error)
      const refused = refusals.includes(failure.code)
      log[refused ? 'warn' : 'error'](refused ? 'refused' : 'failed', {
        ...common,
        ...toLogFields(failure),
        ...since(),
      })
      // Lambda's own metric Errors also counts refusals, because they are
      // thrown.
      if (!refused) log.metric(toMetric(context, 'Faults', 1))
      throw failure
    }
  }
}

/**
 * Codes of errors that are the caller's to fix, not faults of the function or
 * of AWS.
 */
const refusals = [
  'adoption-refused',
  'bad-confirmation',
  'caller-not-allowed',
  'creation-not-allowed',
  'dangerous-message',
  'dangerous-transaction',
  'execution-failure',
  'fee-cap',
  'gas-limit',
  'idempotency-conflict',
  'insufficient-funds',
  'invalid-request',
  'invalid-transaction',
  'not-an-owner',
  'not-authorized',
  'not-relayable',
  'other-safe',
  'own-proposal',
  'possible-repeat',
  'proposal-closed',
  'proposal-mismatch',
  'proposal-not-found',
  'proposal-too-large',
  'reject-not-allowed',
  'relayer-failed',
  'relayer-is-owner',
  'request-expired',
  'request-too-large',
  'safe-nonce',
  'signatures-refused',
  'too-many-addresses',
  'too-many-proposals',
  'too-many-values',
  'transaction-not-found',
  'transaction-state',
  'view-differs',
  'would-fail',
]
