import { PolicyError } from '../PolicyError.js'
import type { Policy } from './Policy.js'

/**
 * The evaluator is strict about an operator that it does not know; whoever
 * attaches such a policy is told at once, as by AWS.
 *
 * @throws PolicyError
 */
export function assertEnforceable({ statements }: Policy): void {
  for (const { conditions } of statements)
    for (const { operator, operatorName } of conditions)
      if (operator === undefined)
        throw new PolicyError(
          `The local home does not know the condition operator ${operatorName}.`,
        )
}
