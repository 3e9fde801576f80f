import { Stack } from 'aws-cdk-lib'
import type { IConstruct } from 'constructs'

/** Longer than a key's ARN, or the name of a table in the stack. */
const longestReference = 128

/** Upper limit for the size of a value as JSON after deployment, in bytes. */
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
