import { InvalidRequestError } from '@keyward/core'
import { expect } from 'vitest'
import { parse } from '../../packages/guard/src/policy/parse/parsePolicy.js'

/**
 * What is wrong with a policy, a line for each problem.
 *
 * @returns undefined if the policy is read.
 */
export function policyProblems(
  policy: object,
  abi?: readonly string[],
): string | undefined {
  try {
    parse(JSON.stringify(policy), abi)
    return undefined
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidRequestError)
    return (error as InvalidRequestError).problems
      .map(({ path, problem }) => `${path}: ${problem}`)
      .join('\n')
  }
}
