import {
  type AbiFunction,
  type AbiParameter,
  decodeAbiParameters,
  encodeAbiParameters,
  type Hex,
  parseAbiItem,
  toFunctionSelector,
  toFunctionSignature,
} from 'viem'
import { knownFunctions } from './specification.js'
import { fromAbi, type Tuple } from './Value.js'

export type Signature = {
  name: string
  /** `transfer(address,uint256)`. */
  text: string
  selector: string
  inputs: readonly AbiParameter[]
  known: boolean
}

const read = new Map<string, Signature>()

export function signature(text: string, known: boolean): Signature {
  const before = read.get(text)
  if (before && before.known === known) return before
  const item = parseAbiItem(`function ${text}` as string) as AbiFunction
  const made = {
    name: item.name,
    text: toFunctionSignature(item),
    selector: toFunctionSelector(item),
    inputs: item.inputs,
    known,
  }
  read.set(text, made)
  return made
}

export const known = knownFunctions.map((text) => signature(text, true))

const nameless = (given: AbiParameter): AbiParameter =>
  'components' in given
    ? { type: given.type, components: given.components.map(nameless) }
    : { type: given.type }

/**
 * The arguments, if the bytes are the one form that encoders write: decoded and
 * encoded again they are the same.
 */
export function decode(of: Signature, data: string): Tuple | undefined {
  const bytes = `0x${data.slice(10)}` as Hex
  const inputs = of.inputs.map(nameless)
  let raw: readonly unknown[]
  if (inputs.length === 0) {
    if (bytes !== '0x') return undefined
    raw = []
  } else
    try {
      raw = decodeAbiParameters(inputs, bytes)
      if (encodeAbiParameters(inputs, raw) !== bytes) return undefined
    } catch {
      return undefined
    }
  return {
    is: 'tuple',
    fields: of.inputs.map((one, at) => [one.name ?? '', fromAbi(one, raw[at])]),
  }
}
