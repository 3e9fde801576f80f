import { Aspects, type aws_lambda as lambda, Stack } from 'aws-cdk-lib'
import { sizeOf } from './sizeOf.js'

/** All that a function is told, as JSON: so Lambda measures it. */
const maxBytes = 4096

/**
 * Has the synthesis fail where Lambda would refuse what the function is told:
 * the first deployment would be rolled back after minutes, and leave a key.
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
        `${resource.functionName}: what it is told has up to ${size} bytes, more than the ${maxBytes} that Lambda takes. Most are ${longest.map(({ name, size }) => `${name} (${size})`).join(', ')}: give fewer callers (KEYWARD_CALLERS) or shorter names, a secret's ARN in place of URLs, a smaller safe file.`,
      )
    },
  })
}
