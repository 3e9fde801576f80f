import { quote } from '@keyward/iam/quote'
import { assertCaller } from './environment.js'
import { pairs, text } from './readSetting.js'

// Settings that the CDK names or passes differently. This module doesn't need
// aws-cdk-lib.

/** @throws Error */
export function qualifier(value: unknown, name: string): string {
  const read = text(value, name)
  if (/^[a-z0-9]{1,10}$/.test(read)) return read
  throw new Error(
    `${name}: ${quote(read)} is not allowed. Allowed: the qualifier that you passed to cdk bootstrap (1 to 10 lower-case letters and digits).`,
  )
}

/**
 * Reads a permissions boundary. In the CDK's own form, it is an object with a
 * name or an ARN.
 *
 * @throws Error
 */
export function boundary(value: unknown, name: string): string {
  const { name: given, arn = given } = (value ?? {}) as Record<string, unknown>
  const read = text(typeof value === 'string' ? value : arn, name)
  if (
    /^(?:arn:aws[a-z-]*:iam::(?:\d{12}|aws):policy\/)?[\w+=,.@/-]{1,512}$/.test(
      read,
    )
  )
    return read
  throw new Error(
    `${name}: ${quote(read)} is not allowed. Allowed: the name or ARN of a managed policy.`,
  )
}

/** Principals by the names of their aliases. @throws Error */
export function callers(value: unknown, name: string): Record<string, string> {
  const read = pairs(value, name, 'alias=ARN pairs')
  for (const caller of Object.keys(read)) assertCaller(caller)
  return read
}

/** The characters that CloudFormation, IAM and CloudWatch Logs all accept. */
const tagText = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]+$/u

/** @throws Error */
export function tags(value: unknown, name: string): Record<string, string> {
  const read = Object.entries(pairs(value, name))
  for (const [key, text] of read)
    if (
      key.startsWith('aws:') ||
      ![key, text].every((each) => tagText.test(each)) ||
      key.length > 128 ||
      text.length > 256
    )
      throw new Error(
        `${name}: the tag ${quote(key)} with the value ${quote(text)} is not allowed. Allowed: letters, digits, spaces and _.:/=+-@; keys of 1 to 128 characters that don't begin with aws:; values of 1 to 256 characters.`,
      )
  if (read.length > 50)
    throw new Error(`${name}: got ${read.length} tags. Allowed: up to 50.`)
  return Object.fromEntries(read)
}
