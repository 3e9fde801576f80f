import type { Condition, Document } from './Document.js'
import { all, not, oneOf, type Truth, truth } from './Truth.js'
import { listed } from './tokens.js'
import { at, type Value } from './Value.js'

/** What conditions on arguments are asked about, beside the argument. */
export type Around = {
  policy: Document
  chain: bigint | undefined
  /** The time in whole seconds. */
  now: bigint
}

function judge(
  value: Value | undefined,
  given: Condition,
  around: Around,
): Truth {
  if (value === undefined) return 'unknown'
  const each = (one: Condition) =>
    value.is === 'list'
      ? value.items.map((item) => judge(item, one, around))
      : undefined
  const truths: Truth[] = []
  if (given.equals !== undefined) truths.push(equals(value, given.equals))
  if (given.in !== undefined)
    truths.push(oneOf(given.in.map((one) => isIn(value, one, around))))
  const number = (compare: (number: bigint) => boolean) =>
    truths.push(
      value.is === 'number' ? truth(compare(value.number)) : 'unknown',
    )
  const { atLeast, atMost, within } = given
  if (atLeast !== undefined) number((one) => one >= BigInt(atLeast))
  if (atMost !== undefined) number((one) => one <= BigInt(atMost))
  if (within !== undefined) number((one) => one <= around.now + BigInt(within))
  if (given.startsWith !== undefined)
    truths.push(startsWith(value, given.startsWith))
  if (given.length !== undefined)
    truths.push(judge(lengthOf(value), given.length, around))
  if (given.every) {
    const items = each(given.every)
    truths.push(items ? all(items) : 'unknown')
  }
  if (given.some) {
    const items = each(given.some)
    truths.push(items ? oneOf(items) : 'unknown')
  }
  if (given.none) {
    const items = each(given.none)
    truths.push(items ? not(oneOf(items)) : 'unknown')
  }
  if (given.fields)
    truths.push(
      value.is === 'tuple' ? judgeAll(value, given.fields, around) : 'unknown',
    )
  return all(truths)
}

/** Conditions by path. */
export function judgeAll(
  from: Value | undefined,
  given: Record<string, Condition>,
  around: Around,
): Truth {
  return all(
    Object.entries(given).map(([path, one]) =>
      judge(at(from, path), one, around),
    ),
  )
}

const hex = /^0x([0-9a-f]{2})*$/i

function equals(value: Value, given: string | boolean): Truth {
  if (value.is === 'boolean')
    return typeof given === 'boolean'
      ? truth(given === value.boolean)
      : 'unknown'
  if (typeof given !== 'string') return 'unknown'
  if (value.is === 'text') return truth(value.text === given)
  if (value.is === 'number')
    return /^(0|-?[1-9]\d*)$/.test(given)
      ? truth(BigInt(given) === value.number)
      : 'unknown'
  if (value.is === 'address')
    return /^0x[0-9a-f]{40}$/i.test(given)
      ? truth(given.toLowerCase() === value.address)
      : 'unknown'
  if (value.is !== 'bytes' || !hex.test(given)) return 'unknown'
  if (value.fixed && given.length !== value.hex.length) return 'unknown'
  return truth(given.toLowerCase() === value.hex)
}

function isIn(value: Value, given: string | boolean, around: Around): Truth {
  const { policy, chain } = around
  if (value.is === 'address' && typeof given === 'string')
    if (policy.tokens?.[given] || policy.groups?.[given])
      return truth(listed(policy, [given], chain, value.address))
  return equals(value, given)
}

function startsWith(value: Value, given: string): Truth {
  if (value.is === 'text') return truth(value.text.startsWith(given))
  return value.is === 'bytes' && hex.test(given)
    ? truth(value.hex.startsWith(given.toLowerCase()))
    : 'unknown'
}

function lengthOf(value: Value): Value | undefined {
  const length =
    value.is === 'list'
      ? value.items.length
      : value.is === 'bytes' && !value.fixed
        ? value.hex.length / 2 - 1
        : value.is === 'text'
          ? Buffer.byteLength(value.text)
          : undefined
  return length === undefined
    ? undefined
    : { is: 'number', signed: false, number: BigInt(length) }
}
