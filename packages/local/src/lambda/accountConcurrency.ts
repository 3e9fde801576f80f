import { AwsError } from '../protocol/Service.js'
import type { FunctionRegistry } from './FunctionRegistry.js'

/** The quota of an account that is not new. */
export const standardLimit = 1000

/** The minimum that must remain for functions without a reservation. */
function minUnreserved(limit: number): number {
  return Math.min(100, limit)
}

/** The sum of all reservations except one function's. */
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
 * Checks a reservation. Reserving 0 takes nothing from other functions, so it
 * always works, even in a new account, whose entire quota of 10 must stay
 * unreserved.
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
