import type { Policy } from './Policy.js'

/**
 * The evaluator is strict about an operator that it does not know; whoever
 * attaches such a policy is told at once, as by AWS.
 *
 * @throws SyntaxError
 */
export function assertEnforceable({ statements }: Policy): void {
  for (const { conditions } of statements)
    for (const { operator, operatorName } of conditions)
      if (operator === undefined)
        throw new SyntaxError(
          `The local home does not know the condition operator ${operatorName}.`,
        )
}
