import { LedgerItemError, LedgerVersionError } from './errors.js'

/**
 * Version of the rows. Each version has its own kinds, so that its code refuses
 * another version's rows and never mixes them.
 */
const version = 2

export type Kind =
  | 'transaction'
  | 'nonce'
  | 'attempt'
  | 'head'
  | 'lease'
  | 'adopted'

/** A value in DynamoDB's JSON form; bytes are base64. */
export type Value =
  | { S: string }
  | { N: string }
  | { B: string }
  | { BOOL: boolean }
  | { NS: string[] }

export type Item = Record<string, Value>

/**
 * Reads an item's attributes; a value in any other form was not written by this
 * code.
 */
export type Reader = {
  text(name: string): string
  optionalText(name: string): string | undefined
  number(name: string): number
  optionalNumber(name: string): number | undefined
  /** Milliseconds since 1970, within the range of a date. */
  time(name: string): number
  optionalTime(name: string): number | undefined
  bigint(name: string): bigint
  optionalBigint(name: string): bigint | undefined
  /** An integer written as a string, because it may be long. */
  amount(name: string): bigint
  optionalBytes(name: string): Buffer | undefined
  flag(name: string): boolean
  /** The members of a number set, as written. */
  numbers(name: string): string[]
  oneOf<const value extends string>(
    name: string,
    allowed: readonly value[],
  ): value
}

/** Dates end in the year 275760. */
const lastTime = 8.64e15

/** @throws LedgerItemError, LedgerVersionError */
export function read(item: Item, kind: Kind): Reader {
  const fail = (reason: string) => new LedgerItemError(placeOf(item), reason)
  const raw = (name: string, type: string) => {
    const value = Object.hasOwn(item, name) ? item[name] : undefined
    if (value === undefined) return undefined
    const found = (value as Record<string, unknown>)[type]
    if (found === undefined)
      throw fail(`its field "${name}" has the wrong type`)
    return found
  }
  const required = <value>(name: string, value: value | undefined): value => {
    if (value === undefined) throw fail(`it has no field "${name}"`)
    return value
  }
  const optionalText = (name: string) => {
    const value = raw(name, 'S')
    if (value === undefined || typeof value === 'string') return value
    throw fail(`its field "${name}" has the wrong type`)
  }
  const optionalBigint = (name: string) => {
    const value = raw(name, 'N')
    if (value === undefined) return undefined
    if (typeof value !== 'string' || !/^[0-9]{1,20}$/.test(value))
      throw fail(`its field "${name}" is not a whole number`)
    return BigInt(value)
  }
  const optionalNumber = (name: string) => {
    const value = optionalBigint(name)
    return value === undefined ? undefined : Number(value)
  }
  const optionalTime = (name: string) => {
    const value = optionalNumber(name)
    if (value === undefined || value <= lastTime) return value
    throw fail(`its field "${name}" is not a valid time`)
  }
  const [name, of = '1'] = optionalText('kind')?.split('.') ?? []
  if (name !== kind) throw fail(`its field "kind" must be "${kind}.${version}"`)
  if (of !== String(version))
    throw new LedgerVersionError(placeOf(item), of, version)
  if (optionalNumber('v') !== version)
    throw fail(`its field "v" must be ${version}`)
  return {
    optionalText,
    optionalBigint,
    optionalNumber,
    optionalTime,
    time: (name) => required(name, optionalTime(name)),
    text: (name) => required(name, optionalText(name)),
    bigint: (name) => required(name, optionalBigint(name)),
    number: (name) => required(name, optionalNumber(name)),
    amount(name) {
      const value = required(name, optionalText(name))
      if (!/^[0-9]{1,78}$/.test(value))
        throw fail(`its field "${name}" is not an amount`)
      return BigInt(value)
    },
    optionalBytes(name) {
      const value = raw(name, 'B')
      return value === undefined
        ? undefined
        : Buffer.from(String(value), 'base64')
    },
    flag: (name) => raw(name, 'BOOL') === true,
    numbers(name) {
      const value = raw(name, 'NS')
      if (value === undefined) return []
      if (!Array.isArray(value)) throw fail(`its field "${name}" is not a set`)
      return value.map(String)
    },
    oneOf(name, allowed) {
      const value = required(name, optionalText(name))
      const known = allowed.find((one) => one === value)
      if (known === undefined)
        throw fail(`its field "${name}" has an unknown value`)
      return known
    },
  }
}

/** The keys, for messages. */
export function placeOf(item: Item): string {
  return ['pk', 'sk']
    .map((name) => {
      const value = item[name] as { S?: unknown } | undefined
      return `${name}=${JSON.stringify(String(value?.S ?? '')).slice(0, 80)}`
    })
    .join(' ')
}

/** A row of this version. */
export function create(kind: Kind, values: Parameters<typeof write>[0]): Item {
  return write({ kind: `${kind}.${version}`, v: version, ...values })
}

/** Omits undefined values. */
export function write(
  values: Record<
    string,
    string | bigint | number | boolean | Uint8Array | undefined
  >,
): Item {
  const item: Item = {}
  for (const [name, value] of Object.entries(values))
    if (value !== undefined) item[name] = toValue(value)
  return item
}

function toValue(
  value: string | bigint | number | boolean | Uint8Array,
): Value {
  if (typeof value === 'string') return { S: value }
  if (typeof value === 'boolean') return { BOOL: value }
  if (typeof value === 'object')
    return { B: Buffer.from(value).toString('base64') }
  return { N: String(value) }
}
