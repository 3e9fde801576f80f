import { AwsError } from '../protocol/Service.js'
import type { FunctionRegistry } from './FunctionRegistry.js'

/** Of an account that is not new. */
export const standardLimit = 1000

/** What must be left to functions without a reservation. */
function minUnreserved(limit: number): number {
  return Math.min(100, limit)
}

/** What the functions have reserved, but for one. */
export function reservedByOthers(
  registry: FunctionRegistry,
  name?: string,
): number {
  return registry
    .list()
    .filter(({ latest }) => latest.name !== name)
    .reduce((sum, each) => sum + (each.reservedConcurrency ?? 0), 0)
}

/**
 * Reserving 0 takes nothing from the others, so that it always works: also in
 * a new account, whose whole quota of 10 has to stay unreserved.
 *
 * @throws AwsError InvalidParameterValueException
 */
export function assertUnreserved(
  registry: FunctionRegistry,
  limit: number,
  name: string,
  value: number,
): void {
  const least = minUnreserved(limit)
  if (value > 0 && reservedByOthers(registry, name) + value > limit - least)
    throw new AwsError(
      'InvalidParameterValueException',
      `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${least}].`,
    )
}
