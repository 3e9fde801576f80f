import { AwsCallError } from '../aws/AwsCallError.js'
import type { AwsConnection } from '../aws/connectAws.js'
import { invoke } from '../aws/invoke.js'
import type { StackStatus } from '../stack/readStatus.js'
import { type Check, problem, sentence } from './Check.js'
import { checkPolicy } from './checkPolicy.js'

/** Empty if no policy has windows. */
export function checkGuard(
  { guard_table: table, guard_problem: found }: Record<string, unknown>,
  stack: string,
): Check[] {
  if (typeof table !== 'string') return []
  if (typeof found !== 'string')
    return [{ name: 'guard', ok: true, found: `counts signatures in ${table}` }]
  const fix = `Until this is fixed, nothing that a window counts is signed. Find and fix the cause. If the guard is halted, then run keyward unfreeze --guard --stack ${stack}.`
  return [problem('guard', found, fix)]
}

/**
 * Asks the reconciler of a stack that doesn't send whether the guard counts.
 */
export async function checkOwnGuard(
  connection: AwsConnection,
  { stack, functions }: StackStatus,
): Promise<Check[]> {
  const has = (name: string) => functions.some((each) => each.name === name)
  // If the stack sends, its sender answers this question instead.
  const usual = has(`${stack}-sender`) ? [] : [`${stack}-reconciler`]
  const name = [`${stack}-own-reconciler`, ...usual].find(has)
  if (name === undefined) return []
  const { LambdaClient } = await import('@aws-sdk/client-lambda')
  const lambda = connection.open(LambdaClient)
  try {
    const operation = 'status'
    const answer = await invoke(lambda, `${name}:status`, { operation })
    return [...checkPolicy(answer), ...checkGuard(answer, stack)]
  } catch (error) {
    const found = sentence(AwsCallError.from(error))
    const fix = `This check needs lambda:InvokeFunction on the alias status of ${name}.`
    return [problem('guard', found, fix)]
  }
}
