import type { AbiParameter } from 'viem'
import type { TypedData } from './Asked.js'

/** An argument of a function, or a field of typed data. */
export type Value =
  | { is: 'number'; signed: boolean; number: bigint }
  | { is: 'address'; address: string }
  | { is: 'bytes'; fixed: boolean; hex: string }
  | { is: 'text'; text: string }
  | { is: 'boolean'; boolean: boolean }
  | { is: 'list'; items: readonly Value[] }
  | Tuple
export type Tuple = {
  is: 'tuple'
  fields: readonly (readonly [name: string, value: Value])[]
}

/** Of what viem decodes from parameters without names of tuples' members. */
export function fromAbi(parameter: AbiParameter, raw: unknown): Value {
  const { type } = parameter
  const list = /^(.*)\[\d*\]$/.exec(type)
  if (list) {
    const item = { ...parameter, type: list[1]! }
    return {
      is: 'list',
      items: (raw as unknown[]).map((one) => fromAbi(item, one)),
    }
  }
  if ('components' in parameter)
    return {
      is: 'tuple',
      fields: parameter.components.map((one, at) => [
        one.name ?? '',
        fromAbi(one, (raw as unknown[])[at]),
      ]),
    }
  return fromSimple(type, raw)
}

/** Of a struct of typed data. */
export function fromStruct(
  type: string,
  raw: unknown,
  types: TypedData['types'],
): Value {
  const list = /^(.*)\[\d*\]$/.exec(type)
  if (list)
    return {
      is: 'list',
      items: (raw as unknown[]).map((one) => fromStruct(list[1]!, one, types)),
    }
  const fields = types[type]
  if (!fields) return fromSimple(type, raw)
  for (const name of Object.keys(raw as object))
    if (!fields.some((one) => one.name === name))
      throw new Error(`${name} is no field of ${type}`)
  return {
    is: 'tuple',
    fields: fields.map((one) => [
      one.name,
      fromStruct(one.type, (raw as Record<string, unknown>)[one.name], types),
    ]),
  }
}

function fromSimple(type: string, raw: unknown): Value {
  if (type === 'address')
    return { is: 'address', address: String(raw).toLowerCase() }
  if (type === 'bool') return { is: 'boolean', boolean: raw as boolean }
  if (type === 'string') return { is: 'text', text: raw as string }
  if (type.startsWith('bytes'))
    return {
      is: 'bytes',
      fixed: type !== 'bytes',
      hex: String(raw).toLowerCase(),
    }
  return {
    is: 'number',
    signed: type.startsWith('int'),
    number: BigInt(raw as string),
  }
}

/** The value at `details.amount`; undefined where there is none. */
export function at(from: Value | undefined, path: string): Value | undefined {
  let value = from
  for (const name of path.split('.'))
    value =
      value?.is === 'tuple'
        ? value.fields.find(([one]) => one === name)?.[1]
        : undefined
  return value
}

const need = <is extends Value['is']>(from: Value, path: string, is: is) => {
  const value = at(from, path)
  if (value?.is !== is) throw new Error(`${path} is no ${is}`)
  return value as Extract<Value, { is: is }>
}
export const numberAt = (from: Value, path: string) =>
  need(from, path, 'number').number
export const addressAt = (from: Value, path: string) =>
  need(from, path, 'address').address
export const bytesAt = (from: Value, path: string) =>
  need(from, path, 'bytes').hex
export const booleanAt = (from: Value, path: string) =>
  need(from, path, 'boolean').boolean
export const itemsAt = (from: Value, path: string) =>
  need(from, path, 'list').items
