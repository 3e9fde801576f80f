import { quote } from '@keyward/iam/quote'
import { joinNames } from './joinNames.js'

// Reads a setting, given as text on the command line or as JSON. This module
// doesn't need aws-cdk-lib.

export function text(value: unknown, name: string): string {
  if (typeof value === 'string') return value
  throw new Error(`${name}: must be text. In JSON, put the value in quotes.`)
}

export function number(value: unknown, name: string, or = ''): number {
  const read = typeof value === 'string' && value ? Number(value) : value
  if (typeof read === 'number' && Number.isInteger(read) && read >= 0)
    return read
  throw new Error(
    `${name}: ${shown(value)} is not allowed. Allowed: a non-negative whole number${or}.`,
  )
}

export function numberOr<const word extends string>(word: word) {
  return (value: unknown, name: string): number | word =>
    value === word ? word : number(value, name, `, or the word ${word}`)
}

export function days(value: unknown, name: string): number {
  const read = number(value, name)
  if (retentionDays.includes(read)) return read
  throw new Error(
    `${name}: ${read} is not allowed. Allowed numbers of days: ${joinNames(retentionDays.map(String), 'or')} (forever).`,
  )
}

export function flag(value: unknown, name: string): boolean {
  if (value === true || value === 'true') return true
  if (value === false || value === 'false') return false
  throw new Error(
    `${name}: ${shown(value)} is not allowed. Allowed: true or false.`,
  )
}

export function oneOf(...allowed: string[]) {
  return (value: unknown, name: string): string => {
    const found = allowed.find((one) => one === value)
    if (found !== undefined) return found
    throw new Error(
      `${name}: ${shown(value)} is not allowed. Allowed: ${joinNames(allowed, 'or')}.`,
    )
  }
}

export function list(value: unknown, name: string): string[] {
  const items =
    typeof value === 'string' ? value.split(',').map((s) => s.trim()) : value
  if (Array.isArray(items) && items.every((item) => typeof item === 'string'))
    return items
  throw new Error(`${name}: must be a comma-separated list.`)
}

export function pairs(
  value: unknown,
  name: string,
  form = 'name=value pairs',
): Record<string, string> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return Object.fromEntries(
      Object.entries(value).map(([key, arn]) => [key, text(arn, name)]),
    )
  const read: Record<string, string> = {}
  for (const pair of list(value, name)) {
    const at = pair.indexOf('=')
    if (at < 1)
      throw new Error(`${name}: must be a comma-separated list of ${form}.`)
    const alias = pair.slice(0, at)
    if (Object.hasOwn(read, alias))
      throw new Error(
        `${name}: ${quote(alias)} occurs twice. Keep one of the entries.`,
      )
    read[alias] = pair.slice(at + 1)
  }
  return read
}

function shown(value: unknown): string {
  return typeof value === 'object' ? 'the value' : quote(value)
}

/** Reads a value and checks that the stack accepts it. */
export function checked<value>(
  read: (value: unknown, name: string) => value,
  assert: (read: value) => unknown,
) {
  return (value: unknown, name: string): value => {
    const found = read(value, name)
    assert(found)
    return found
  }
}

/** The periods that CloudWatch accepts. */
const retentionDays: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827,
  2192, 2557, 2922, 3288, 3653, 9999,
]
