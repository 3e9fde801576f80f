import { AddressField, type Hex, Problems } from '@keyward/core'
import { InputError, quote } from '@keyward/core/errors'
import { decodeCall } from './decode.js'
import { encodeCall } from './encode.js'
import { parse, type Signature } from './Signature.js'
import type { Field, Type, Value } from './Type.js'

/** A call as typed by a user, and its bytes. */
export type TypedCall = {
  readonly signature: Signature
  /** Decoded from the bytes, not as typed. */
  readonly values: readonly Value[]
  readonly data: Hex
}

/**
 * Encodes a typed call: `transfer(address,uint256)` and its arguments. Lists
 * and tuples are JSON, in which numbers above 2^53 must be strings.
 *
 * @param flag - Named in errors.
 * @throws InputError
 */
export function readCall(
  text: string,
  given: readonly string[],
  flag: string,
): TypedCall {
  const signature = readSignature(text, flag)
  const { inputs } = signature
  if (given.length !== inputs.length)
    throw new InputError(
      `${flag}: ${signature.text} needs ${countOf(inputs.length)}, but got ${given.length}.`,
      {
        details:
          'Put quotes around an argument that has spaces, and write lists as JSON.',
      },
    )
  const typed = inputs.map(({ type }, at) =>
    toValue(type, given[at], (allowed) => {
      throw new InputError(
        `${flag}: argument ${at + 1} of ${signature.name} is not valid: ${quote(given[at] ?? '')}.`,
        { details: `Allowed: ${allowed}.` },
      )
    }),
  )
  const data = encodeCall(signature, typed)
  const values = decodeCall(signature, data)
  if (values === undefined)
    throw new Error("The encoded call can't be decoded.")
  return { signature, values, data }
}

const countOf = (count: number) =>
  count === 1 ? '1 argument' : `${count} arguments`

const form =
  'the name of a function and the types of its arguments, without spaces, ' +
  'such as transfer(address,uint256)'

/**
 * Parsing is strict, because a different selector would call a different
 * function.
 */
function readSignature(text: string, flag: string): Signature {
  const refuse = () =>
    new InputError(`${flag} ${quote(text)} is not a function signature.`, {
      details: `Allowed: ${form}.`,
    })
  if (!/^[A-Za-z_$][\w$]{0,127}\([\w,()[\]]{0,1000}\)$/.test(text))
    throw refuse()
  const full = text.replace(/(?<=[(,])u?int(?![\w$(])/g, '$&256')
  let signature: Signature
  try {
    signature = parse(full)
  } catch (error) {
    if (error instanceof TypeError) throw refuse()
    throw error
  }
  if (signature.text !== full || !areSound(signature.inputs)) throw refuse()
  return signature
}

/**
 * Maximum items of a fixed-length list: each item takes a word of 32 bytes, and
 * a request's data has at most 131,072 bytes.
 */
export const maxLength = 4096

/**
 * Whether Solidity allows such arguments and a request can contain them. If two
 * had the same name, conditions would see only the first.
 */
export function areSound(fields: readonly Field[]): boolean {
  const names = fields.map(({ name }) => name).filter(Boolean)
  return (
    new Set(names).size === names.length &&
    fields.every(({ type }) => isSound(type))
  )
}

function isSound(type: Type): boolean {
  switch (type.kind) {
    case 'uint':
    case 'int':
      return type.bits >= 8 && type.bits <= 256 && type.bits % 8 === 0
    case 'fixed':
      return type.size >= 1 && type.size <= 32
    case 'array': {
      const { of, length = 1 } = type
      return length > 0 && length <= maxLength && isSound(of)
    }
    case 'tuple':
      return type.fields.length > 0 && areSound(type.fields)
    default:
      return true
  }
}

type Refuse = (allowed: string) => never

/** @param given - Text typed by the user, or an element of a JSON list. */
function toValue(type: Type, given: unknown, refuse: Refuse): Value {
  const text =
    typeof given === 'number' && Number.isSafeInteger(given)
      ? String(given)
      : given
  switch (type.kind) {
    case 'array': {
      const items = toList(text, refuse)
      if (type.length !== undefined && items.length !== type.length)
        refuse(`a JSON list with length ${type.length}`)
      return items.map((item) => toValue(type.of, item, refuse))
    }
    case 'tuple': {
      const items = toList(text, refuse)
      if (items.length !== type.fields.length)
        refuse(`a JSON list with length ${type.fields.length}`)
      return type.fields.map((field, at) =>
        toValue(field.type, items[at], refuse),
      )
    }
    case 'bool':
      if (text === true || text === 'true') return true
      if (text === false || text === 'false') return false
      return refuse('true or false')
    case 'address':
      return toAddress(text, refuse)
    case 'string':
      return typeof text === 'string' ? text : refuse('a string')
    case 'bytes':
    case 'fixed':
      return toBytes(text, type, refuse)
    default:
      return toNumber(text, type, refuse)
  }
}

function toList(given: unknown, refuse: Refuse): readonly unknown[] {
  if (Array.isArray(given)) return given
  try {
    const value: unknown = JSON.parse(String(given))
    if (Array.isArray(value)) return value
  } catch {}
  return refuse('a JSON list, such as ["0x…","0x…"]')
}

function toAddress(given: unknown, refuse: Refuse): Value {
  const address = AddressField.parse(given, 'address', Problems.create('call'))
  return (
    address?.toLowerCase() ??
    refuse('an address with a correct EIP-55 checksum, or one in lower case')
  )
}

function toBytes(given: unknown, type: Type, refuse: Refuse): Value {
  const size = type.kind === 'fixed' ? type.size : undefined
  const isHex = typeof given === 'string' && /^0x(?:[0-9a-f]{2})*$/i.test(given)
  if (!isHex || (size !== undefined && given.length !== 2 + 2 * size))
    return refuse(
      size === undefined
        ? '0x and two hex digits per byte'
        : `0x and ${2 * size} hex digits`,
    )
  return given.toLowerCase()
}

function toNumber(given: unknown, type: Type, refuse: Refuse): Value {
  const { kind, bits } = type as Extract<Type, { bits: number }>
  const isWhole =
    typeof given === 'string' &&
    /^(?:-?(?:0|[1-9]\d{0,77})|0x[0-9a-f]{1,64})$/i.test(given)
  if (!isWhole)
    return refuse(
      `a whole number in the token's or contract's smallest unit, without an exponent${Array.isArray(given) ? '' : '; in JSON, as a string if above 2^53'}`,
    )
  const number = BigInt(given)
  const isIn =
    kind === 'int'
      ? BigInt.asIntN(bits, number) === number
      : number >= 0n && number >> BigInt(bits) === 0n
  return isIn ? number : refuse(`a number that fits in ${kind}${bits}`)
}
