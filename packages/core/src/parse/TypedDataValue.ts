import * as AddressField from './AddressField.js'
import * as Fields from './Fields.js'
import * as HexField from './HexField.js'
import type { Problems } from './Problems.js'
import * as Quantity from './Quantity.js'
import * as TypedDataType from './TypedDataType.js'

export type Types = Record<string, readonly { name: string; type: string }[]>

/** Deeper data would overflow the stack of code that hashes it. */
const maxDepth = 64
const maxBytes = 1_048_576
const maxItems = 100_000

/**
 * Reads a value of a type. Returns integers as bigint, and addresses and bytes
 * in lower case. A struct must have exactly the fields of its type: an
 * undeclared field isn't signed, whatever the approver sees.
 */
export function parse(
  type: string,
  value: unknown,
  path: string,
  problems: Problems,
  types: Types,
  depth = 0,
): unknown {
  if (depth > maxDepth)
    return problems.add(path, `is nested more than ${maxDepth} levels deep`)
  const parsed = TypedDataType.parse(type)
  switch (parsed?.kind) {
    case 'array':
      return parseArray(parsed, value, path, problems, types, depth)
    case 'struct':
      return parseStruct(parsed.name, value, path, problems, types, depth)
    case 'uint':
      return Quantity.between(0n, 2n ** BigInt(parsed.bits) - 1n)(
        value,
        path,
        problems,
      )
    case 'int':
      return parseInteger(parsed.bits, value, path, problems)
    case 'bytes':
      return parsed.size === undefined
        ? HexField.bytes(maxBytes)(value, path, problems)
        : HexField.fixed(parsed.size)(value, path, problems)
    case 'address':
      return AddressField.parse(value, path, problems)
    case 'bool':
      if (typeof value === 'boolean') return value
      return problems.wrong(path, value, 'true or false')
    case 'string':
      return parseString(value, path, problems)
    // The type that declares the field already reports this.
    case undefined:
      return undefined
  }
}

function parseArray(
  type: { item: string; length: number | undefined },
  value: unknown,
  path: string,
  problems: Problems,
  types: Types,
  depth: number,
): unknown {
  if (
    type.length !== undefined &&
    Array.isArray(value) &&
    value.length !== type.length
  )
    return problems.wrong(path, value, `exactly ${type.length} items`)
  return Fields.list(
    (item, at, to) => parse(type.item, item, at, to, types, depth + 1),
    maxItems,
  )(value, path, problems)
}

function parseStruct(
  name: string,
  value: unknown,
  path: string,
  problems: Problems,
  types: Types,
  depth: number,
): unknown {
  const declared = Object.hasOwn(types, name) ? types[name] : undefined
  if (declared === undefined) return undefined
  const known = declared.map((field) => field.name)
  const fields = Fields.open(value, known, path, problems)
  if (fields === undefined) return undefined
  return Object.fromEntries(
    declared.map((field) => [
      field.name,
      parse(
        field.type,
        fields.raw(field.name),
        fields.path(field.name),
        problems,
        types,
        depth + 1,
      ),
    ]),
  )
}

function parseInteger(
  bits: number,
  value: unknown,
  path: string,
  problems: Problems,
): bigint | undefined {
  const limit = 2n ** BigInt(bits - 1)
  const integer = readSigned(value)
  if (integer !== undefined && integer >= -limit && integer < limit)
    return integer
  return problems.wrong(
    path,
    value,
    `an integer from -2^${bits - 1} to 2^${bits - 1}-1, ${bits <= 53 ? 'as a number or a decimal string' : 'as a decimal string, or as a number between -2^53 and 2^53'}`,
  )
}

function readSigned(value: unknown): bigint | undefined {
  if (typeof value === 'number' && value < 0)
    return Number.isSafeInteger(value) ? BigInt(value) : undefined
  if (typeof value === 'string' && /^-[1-9][0-9]{0,77}$/.test(value))
    return BigInt(value)
  return Quantity.read(value)
}

function parseString(
  value: unknown,
  path: string,
  problems: Problems,
): string | undefined {
  if (typeof value !== 'string') return problems.wrong(path, value, 'a string')
  // A lone surrogate has no UTF-8 form, so encoders replace it with another
  // character.
  if (/\p{Surrogate}/u.test(value))
    return problems.add(path, 'has half a surrogate pair (broken text)')
  return value
}
