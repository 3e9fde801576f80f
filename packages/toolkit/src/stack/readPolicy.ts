import type { LambdaClient } from '@aws-sdk/client-lambda'
import { invoke } from '../aws/invoke.js'
import type { FunctionState } from './readFunction.js'

/** A policy, as reported by a function that uses it. */
export type PolicyAnswer = {
  name: string
  mode: 'enforce' | 'shadow'
  /** The table in which its windows are counted; null if it has none. */
  guardTable: string | null
}

/**
 * Asks a function that has a policy, through the alias `status`.
 *
 * @returns Undefined if there is no policy, if the caller isn't allowed to ask,
 * or if the function is frozen.
 */
export async function readPolicy(
  lambda: LambdaClient,
  functions: readonly Pick<FunctionState, 'name' | 'policy'>[],
): Promise<PolicyAnswer | undefined> {
  const guarded = functions.find(({ policy }) => typeof policy === 'string')
  if (guarded === undefined) return undefined
  const answer = await invoke(lambda, `${guarded.name}:status`, {
    operation: 'status',
  }).catch(() => ({}) as Record<string, unknown>)
  const { policy_name: name, policy_mode: mode, guard_table: table } = answer
  return typeof name === 'string' && (mode === 'enforce' || mode === 'shadow')
    ? { name, mode, guardTable: typeof table === 'string' ? table : null }
    : undefined
}
