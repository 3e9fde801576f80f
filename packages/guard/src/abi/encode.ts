import type { Hex } from '@keyward/core'
import type { Signature } from './Signature.js'
import { headSize, isDynamic, type Type, type Value } from './Type.js'

/** A function's calldata with these arguments, as Solidity encodes it. */
export function encodeCall(
  { selector, inputs }: Signature,
  values: readonly Value[],
): Hex {
  const types = inputs.map(({ type }) => type)
  return `${selector}${encode(types, values)}`
}

/** @returns hex without 0x @throws TypeError if values don't match the types */
export function encode(
  types: readonly Type[],
  values: readonly Value[],
): string {
  if (types.length !== values.length)
    throw new TypeError(`${types.length} values are needed`)
  let tail = types.reduce((sum, type) => sum + headSize(type), 0) * 32
  const heads: string[] = []
  const tails: string[] = []
  for (const [index, type] of types.entries()) {
    const encoded = encodeValue(type, values[index] as Value)
    if (!isDynamic(type)) {
      heads.push(encoded)
      continue
    }
    heads.push(toWord(BigInt(tail)))
    tails.push(encoded)
    tail += encoded.length / 2
  }
  return [...heads, ...tails].join('')
}

function encodeValue(type: Type, value: Value): string {
  switch (type.kind) {
    case 'tuple':
      return encode(
        type.fields.map((field) => field.type),
        value as Value[],
      )
    case 'array': {
      const items = value as Value[]
      const encoded = encode(
        items.map(() => type.of),
        items,
      )
      if (type.length === undefined)
        return `${toWord(BigInt(items.length))}${encoded}`
      if (type.length !== items.length)
        throw new TypeError(`${type.length} items`)
      return encoded
    }
    case 'bytes':
      return encodeBytes((value as string).slice(2))
    case 'string':
      return encodeBytes(Buffer.from(value as string, 'utf8').toString('hex'))
    case 'fixed':
      return (value as string).slice(2).padEnd(64, '0')
    case 'address':
      return (value as string).slice(2).toLowerCase().padStart(64, '0')
    case 'bool':
      return toWord(value ? 1n : 0n)
    default: {
      const number = value as bigint
      const isIn =
        type.kind === 'int'
          ? BigInt.asIntN(type.bits, number) === number
          : number >= 0n && number >> BigInt(type.bits) === 0n
      if (!isIn)
        throw new TypeError(`out of range for ${type.kind}${type.bits}`)
      return toWord(BigInt.asUintN(256, number))
    }
  }
}

function encodeBytes(hex: string): string {
  const padded = hex.padEnd(Math.ceil(hex.length / 64) * 64, '0')
  return `${toWord(BigInt(hex.length / 2))}${padded}`
}

/** 64 hex digits, without 0x. */
export function toWord(value: bigint): string {
  return value.toString(16).padStart(64, '0')
}
