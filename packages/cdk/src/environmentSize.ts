import { Aspects, type aws_lambda as lambda, Stack } from 'aws-cdk-lib'
import { joinNames } from './joinNames.js'
import { sizeOf } from './sizeOf.js'

/** A function's whole environment as JSON, which is how Lambda measures it. */
const maxBytes = 4096

/**
 * Fails the synthesis if Lambda would refuse the function's environment.
 * Otherwise, the first deployment would roll back after minutes and leave a key
 * behind.
 */
export function limitEnvironment(fn: lambda.Function): void {
  const resource = fn.node.defaultChild as lambda.CfnFunction
  Aspects.of(fn).add({
    visit(node) {
      if (node !== resource) return
      const { variables = {} } = Stack.of(fn).resolve(resource.environment) as {
        variables?: Record<string, unknown>
      }
      const size = sizeOf(fn, variables)
      if (size <= maxBytes) return
      const longest = Object.entries(variables)
        .map(([name, value]) => ({ name, size: sizeOf(fn, value) }))
        .sort((a, b) => b.size - a.size)
        .slice(0, 3)
      throw new Error(
        `${resource.functionName}: the function's environment would have up to ${size} bytes, but Lambda allows only ${maxBytes}. The largest variables are ${joinNames(longest.map(({ name, size }) => `${name} (${size} bytes)`))}. Use fewer callers (KEYWARD_CALLERS) or shorter names, a secret's ARN instead of URLs, or a smaller safe file.`,
      )
    },
  })
}
