import { Stack } from 'aws-cdk-lib'
import type { IConstruct } from 'constructs'

/** More than the ARN of a key, and the name of a table of the stack's. */
const longestReference = 128

/** How many bytes of JSON something becomes at most, once it is deployed. */
export function sizeOf(scope: IConstruct, value: unknown): number {
  return Buffer.byteLength(
    JSON.stringify(atLongest(Stack.of(scope).resolve(value))),
  )
}

function atLongest(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(atLongest)
  if (typeof value !== 'object' || value === null) return value
  const fields = Object.entries(value)
  const [[name, given] = ['']] = fields
  if (name === 'Fn::Join') {
    const [by, parts] = given as [string, unknown[]]
    return parts.map(atLongest).join(by)
  }
  if (name === 'Ref' || name.startsWith('Fn::'))
    return 'x'.repeat(longestReference)
  return Object.fromEntries(
    fields.map(([field, each]) => [field, atLongest(each)]),
  )
}
