import { Aspects, type aws_lambda as lambda, Stack } from 'aws-cdk-lib'

/** All that a function is told, as JSON: so Lambda measures it. */
const maxBytes = 4096
/** More than the ARN of a key, and the name of a table of the stack's. */
const longestReference = 128

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
      const told = Object.entries(variables).map(
        ([name, value]) => [name, written(value)] as const,
      )
      const size = bytesOf(Object.fromEntries(told))
      if (size <= maxBytes) return
      const longest = told
        .map(([name, value]) => ({ name, size: bytesOf(value) }))
        .sort((a, b) => b.size - a.size)
        .slice(0, 3)
      throw new Error(
        `${resource.functionName}: what it is told has up to ${size} bytes, more than the ${maxBytes} that Lambda takes. Most are ${longest.map(({ name, size }) => `${name} (${size})`).join(', ')}: give fewer callers (KEYWARD_CALLERS) or shorter names, a secret's ARN in place of URLs, a smaller safe file.`,
      )
    },
  })
}

const bytesOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value))

/** A value as long as it can become. */
function written(value: unknown): string {
  if (typeof value === 'string') return value
  const { 'Fn::Join': join } = Object(value) as {
    'Fn::Join'?: [string, unknown[]]
  }
  return join
    ? join[1].map(written).join(join[0])
    : 'x'.repeat(longestReference)
}
