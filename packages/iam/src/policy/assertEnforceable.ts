import { PolicyError } from '../PolicyError.js'
import { quote } from '../quote.js'
import type { Policy } from './Policy.js'

/**
 * Refuses operators that the evaluator doesn't know, as AWS does when a policy
 * is attached.
 *
 * @throws PolicyError
 */
export function assertEnforceable({ statements }: Policy): void {
  for (const { conditions } of statements)
    for (const { operator, operatorName } of conditions)
      if (operator === undefined)
        throw new PolicyError(
          `The local home doesn't support the condition operator ${quote(operatorName)}.`,
        )
}
