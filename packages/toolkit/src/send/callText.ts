import { AddressField, type Hex } from '@keyward/core'
import {
  type Explained,
  type Field,
  type Type,
  type Value,
  walk,
} from '@keyward/guard/calls'
import { formatEther } from '../text/formatEther.js'
import { pluralize } from '../text/pluralize.js'
import { toColumns } from '../text/toColumns.js'

/**
 * Shows what a transaction does, down to the innermost calls: each call with
 * its path, value, function and all arguments.
 */
export function callText(call: Explained, currency: string): string {
  return [...walk(call)]
    .flatMap((one) => {
      const [first = '', ...rest] = describe(one, currency)
      if (one.path === '') return [first, ...rest]
      // Wide enough for the longest paths in batches, so that the columns
      // align.
      return [`${one.path.padEnd(5)} ${first}`, ...rest.map(behindPath)]
    })
    .map((line) => `  ${line}`)
    .join('\n')
}

const behindPath = (line: string) => `      ${line}`

function describe(call: Explained, currency: string): string[] {
  const { to, from, value, data, operation, meaning } = call
  const amount = `${formatEther(value)} ${currency}`
  const address = AddressField.toChecksum(to)
  const isSelf = to === from
  if (meaning.kind === 'payment' && operation === 0) {
    if (isSelf && value === 0n)
      return [
        'nothing: an empty call from the Safe to itself, which uses up the nonce',
      ]
    return [`sends ${amount} to ${address}`]
  }
  const where = [
    operation === 1 ? `by delegatecall to ${address}` : `on ${address}`,
    ...(value === 0n ? [] : [`with ${amount}`]),
  ]
  if (meaning.kind !== 'function')
    return [
      `UNKNOWN: ${bytesText(data)}`,
      ...where,
      ...(meaning.kind === 'unknown' ? [meaning.reason] : []),
    ]
  const { signature, values } = meaning
  const rows = signature.inputs.flatMap(({ name, type }, index) =>
    valueRows(name || `${index}`, type, values[index] as Value),
  )
  // The calls within this one are listed below it, one by one.
  const shown = call.inner.length > 0 ? rows.filter(isNoBytes) : rows
  return [
    `${signature.name} (${signature.selector})`,
    ...where,
    ...(shown.length === 0
      ? []
      : toColumns(shown.map(([name, text]) => [name, text])).split('\n')),
  ]
}

/** All values of typed data, one per line. */
export function fieldLines(
  fields: readonly Field[],
  values: readonly Value[],
): string[] {
  const rows = fields.flatMap(({ name, type }, index) =>
    valueRows(name, type, values[index] as Value),
  )
  return toColumns(rows.map(([name, text]) => [name, text])).split('\n')
}

type Row = readonly [name: string, value: string, kind: Type['kind']]

const isNoBytes = ([, , kind]: Row) => kind !== 'bytes'

/**
 * One row per value. Values in lists and tuples are identified by their path.
 */
function valueRows(name: string, type: Type, value: Value): Row[] {
  if (type.kind === 'array') {
    const items = value as Value[]
    return items.length === 0
      ? [[name, 'none', type.of.kind]]
      : items.flatMap((item, at) => valueRows(`${name}[${at}]`, type.of, item))
  }
  if (type.kind === 'tuple')
    return type.fields.flatMap((field, at) =>
      valueRows(
        `${name}.${field.name || at}`,
        field.type,
        (value as Value[])[at] as Value,
      ),
    )
  return [[name, valueText(type, value), type.kind]]
}

function valueText(type: Type, value: Value): string {
  switch (type.kind) {
    case 'address':
      return AddressField.toChecksum(value as Hex)
    case 'bytes':
      return bytesText(value as Hex)
    case 'string':
      return JSON.stringify(value)
    default:
      return String(value)
  }
}

function bytesText(hex: Hex): string {
  const count = (hex.length - 2) / 2
  if (count === 0) return 'no bytes'
  return count <= 24
    ? hex
    : `${pluralize(count, 'byte')} beginning with ${hex.slice(0, 10)}`
}
