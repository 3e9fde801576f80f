import type { Hex } from '@keyward/core'
import * as Hash from 'ox/Hash'
import { fromString } from 'ox/Hex'
import { type Field, format, type Type } from './Type.js'

/** A function of a contract. */
export type Signature = {
  /** `transfer`. */
  readonly name: string
  /** `transfer(address,uint256)`. */
  readonly text: string
  /** The first four bytes of its calldata. */
  readonly selector: Hex
  readonly inputs: readonly Field[]
}

/**
 * Parses `transfer(address to,uint256 amount)`; tuples are written
 * `(address to,bytes data)[] calls`. Use it only for signatures in our own
 * code, because it throws on invalid ones without an explanation.
 */
export function parse(text: string): Signature {
  const open = text.indexOf('(')
  const name = text.slice(0, open)
  const inputs = parseFields(text.slice(open + 1, -1))
  const types = inputs.map((field) => format(field.type)).join(',')
  const canonical = `${name}(${types})`
  const selector = Hash.keccak256(fromString(canonical)).slice(0, 10) as Hex
  return { name, text: canonical, selector, inputs }
}

function parseFields(text: string): Field[] {
  return splitAtTop(text).map((part) => {
    const [, type = part, name = ''] =
      /^(.*[ )\]])([a-zA-Z_]\w*)$/s.exec(part) ?? []
    return { name, type: parseType(type.trim()) }
  })
}

/** Splits at commas outside all parentheses. */
function splitAtTop(text: string): string[] {
  const parts: string[] = []
  if (text === '') return parts
  let depth = 0
  let from = 0
  for (let at = 0; at <= text.length; at++) {
    const character = text[at]
    if (character === '(') depth++
    if (character === ')') depth--
    if ((character === ',' && depth === 0) || at === text.length) {
      parts.push(text.slice(from, at).trim())
      from = at + 1
    }
  }
  return parts
}

function parseType(text: string): Type {
  const array = /^(.*)\[(\d*)\]$/s.exec(text)
  if (array !== null)
    return {
      kind: 'array',
      of: parseType(array[1] ?? ''),
      length: array[2] === '' ? undefined : Number(array[2]),
    }
  if (/^\(.*\)$/s.test(text))
    return { kind: 'tuple', fields: parseFields(text.slice(1, -1)) }
  const number = /^(uint|int)(\d*)$/.exec(text)
  if (number !== null)
    return {
      kind: number[1] as 'uint' | 'int',
      bits: Number(number[2] === '' ? 256 : number[2]),
    }
  const fixed = /^bytes(\d+)$/.exec(text)
  if (fixed !== null) return { kind: 'fixed', size: Number(fixed[1]) }
  if (/^(address|bool|bytes|string)$/.test(text))
    return { kind: text as 'address' }
  throw new TypeError(`Not an ABI type: ${text}`)
}
