import type { Hex } from '@keyward/core'
import type { Signature } from './Signature.js'
import { headSize, isDynamic, type Type, type Value } from './Type.js'

/**
 * Decodes a call's arguments, but only in the form that Solidity's encoder
 * writes: tails in the order of their heads, without gaps or overlaps, padded
 * with zeros, and without trailing bytes. So the result encodes to the same
 * bytes, decoding takes linear time, and no two readers can see different
 * meanings.
 *
 * @returns undefined for other bytes, and for other functions
 */
export function decodeCall(
  { selector, inputs }: Signature,
  data: Hex,
): Value[] | undefined {
  if (!data.startsWith(selector)) return undefined
  return decode(
    inputs.map(({ type }) => type),
    data.slice(10),
  )
}

/** @param hex - Without 0x. @returns undefined for bytes in another form */
export function decode(
  types: readonly Type[],
  hex: string,
): Value[] | undefined {
  try {
    const [values, end] = readSequence(types, hex, 0)
    return end === hex.length ? values : undefined
  } catch (error) {
    if (error instanceof NotCanonical) return undefined
    throw error
  }
}

class NotCanonical extends Error {}

/** Hex digits per word. */
const word = 64
/** A value, and the position after it. */
type Read<value> = [value: value, end: number]

function readSequence(
  types: readonly Type[],
  hex: string,
  base: number,
): Read<Value[]> {
  let head = base
  let tail = base + types.reduce((sum, type) => sum + headSize(type), 0) * word
  // Fail before reading a fixed-length list that can't fit.
  if (tail > hex.length) fail()
  const values: Value[] = []
  for (const type of types) {
    if (isDynamic(type)) {
      // Offsets count bytes from the start of the sequence.
      if (readNumber(hex, head) !== BigInt(tail - base) / 2n) fail()
      const [value, end] = readDynamic(type, hex, tail)
      values.push(value)
      tail = end
    } else values.push(readStatic(type, hex, head))
    head += headSize(type) * word
  }
  if (tail > hex.length) fail()
  return [values, tail]
}

function readDynamic(type: Type, hex: string, at: number): Read<Value> {
  if (type.kind === 'tuple')
    return readSequence(
      type.fields.map((field) => field.type),
      hex,
      at,
    )
  if (type.kind === 'array' && type.length !== undefined)
    return readSequence(repeat(type.of, type.length), hex, at)
  const length = readNumber(hex, at)
  const from = at + word
  const left = BigInt(hex.length - from)
  if (type.kind === 'array') {
    // Each item takes at least one word, so a length can't exceed the bytes.
    if (length * BigInt(word) > left) fail()
    return readSequence(repeat(type.of, Number(length)), hex, from)
  }
  if (length * 2n > left) fail()
  const to = from + Number(length) * 2
  const end = from + Math.ceil((to - from) / word) * word
  if (end > hex.length || /[^0]/.test(hex.slice(to, end))) fail()
  const bytes = `0x${hex.slice(from, to)}`
  return [type.kind === 'string' ? toText(bytes) : bytes, end]
}

const repeat = (type: Type, count: number) =>
  Array.from({ length: count }, () => type)

function readStatic(type: Type, hex: string, at: number): Value {
  if (type.kind === 'tuple')
    return readSequence(
      type.fields.map((field) => field.type),
      hex,
      at,
    )[0]
  if (type.kind === 'array')
    return readSequence(repeat(type.of, type.length ?? 0), hex, at)[0]
  const text = hex.slice(at, at + word)
  if (text.length < word) fail()
  switch (type.kind) {
    case 'address':
      if (!/^0{24}/.test(text)) fail()
      return `0x${text.slice(24)}`
    case 'bool':
      if (!/^0{63}[01]$/.test(text)) fail()
      return text.endsWith('1')
    case 'fixed':
      if (/[^0]/.test(text.slice(type.size * 2))) fail()
      return `0x${text.slice(0, type.size * 2)}`
    case 'uint': {
      const value = BigInt(`0x${text}`)
      if (value >> BigInt(type.bits) !== 0n) fail()
      return value
    }
    case 'int': {
      const value = BigInt.asIntN(256, BigInt(`0x${text}`))
      if (BigInt.asIntN(type.bits, value) !== value) fail()
      return value
    }
    default:
      return fail()
  }
}

function readNumber(hex: string, at: number): bigint {
  const text = hex.slice(at, at + word)
  if (text.length < word) fail()
  return BigInt(`0x${text}`)
}

function toText(hex: string): string {
  const bytes = Buffer.from(hex.slice(2), 'hex')
  const text = bytes.toString('utf8')
  // Bytes that aren't valid UTF-8 would be shown as a different text.
  if (!Buffer.from(text, 'utf8').equals(bytes)) fail()
  return text
}

function fail(): never {
  throw new NotCanonical()
}
