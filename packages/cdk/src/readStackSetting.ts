import { quote } from '@keyward/iam/quote'
import { pairs, text } from './readSetting.js'

// Settings that the CDK knows by other names, or takes another way. Needs no
// aws-cdk-lib.

/** @throws Error */
export function qualifier(value: unknown, name: string): string {
  const read = text(value, name)
  if (/^[a-z0-9]{1,10}$/.test(read)) return read
  throw new Error(
    `${name}: must be 1 to 10 letters in lower case and digits, as at cdk bootstrap.`,
  )
}

/**
 * The CDK's own form of a boundary is an object with its name or ARN.
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
  throw new Error(`${name}: must be the name or ARN of a managed policy.`)
}

/** @throws Error */
export function tags(value: unknown, name: string): Record<string, string> {
  const read = pairs(value, name)
  for (const [key, text] of Object.entries(read))
    if (
      !/^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u.test(key) ||
      text.length > 256
    )
      throw new Error(
        `${name}: ${quote(key)} cannot be a tag. Allowed: keys of 1 to 128 letters, digits, spaces and _.:/=+-@, not aws:; values of up to 256 characters.`,
      )
  return read
}
