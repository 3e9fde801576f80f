import type { Field, Type, Value } from '../abi/Type.js'
import type { Decoded } from '../actions/Action.js'
import * as AddressSet from '../policy/AddressSet.js'
import type {
  ArgumentCondition,
  Decimal,
  Literal,
  Ratio,
} from '../policy/ArgumentCondition.js'
import { all, any, not, type Truth } from './Truth.js'

/** A value and its type, in the form of an argument. */
export type Argument = { readonly type: Type; readonly value: Value }

/** Facts that conditions use besides the arguments. */
export type Surroundings = {
  readonly chain: bigint | undefined
  /** In ms since 1970. */
  readonly time: number | undefined
}

/** @returns undefined if there is no such argument */
export function findArgument(
  { fields, values }: Pick<Decoded, 'fields' | 'values'>,
  path: readonly string[],
): Argument | undefined {
  const [name, ...rest] = path
  const at = fields.findIndex((field: Field) => field.name === name)
  const type = fields[at]?.type
  const value = values[at]
  if (type === undefined || value === undefined) return undefined
  if (rest.length === 0) return { type, value }
  return type.kind === 'tuple'
    ? findArgument({ fields: type.fields, values: value as Value[] }, rest)
    : undefined
}

/** Whether a condition holds; unknown if it doesn't apply to the type. */
export function holds(
  condition: ArgumentCondition,
  argument: Argument,
  about: Surroundings,
): Truth {
  return all(test(condition, argument, about))
}

function* test(
  condition: ArgumentCondition,
  argument: Argument,
  about: Surroundings,
): Generator<Truth> {
  const { type, value } = argument
  const { equals, within, startsWith, length, fields } = condition
  if (equals !== undefined) yield isEqual(argument, equals)
  if (condition.in !== undefined) {
    const { literals, addresses } = condition.in
    const isAddress = type.kind === 'address'
    const isListed =
      isAddress && AddressSet.has(addresses, value as string, about.chain)
    // For types other than addresses, a group's name is just a text.
    const texts = isAddress ? literals : [...literals, ...addresses.names]
    yield isListed || any(texts.map((one) => isEqual(argument, one)))
  }
  if (condition.atLeast !== undefined)
    yield isNumber(type) ? (value as bigint) >= condition.atLeast : undefined
  if (condition.atMost !== undefined)
    yield isNumber(type) ? (value as bigint) <= condition.atMost : undefined
  if (within !== undefined)
    yield isNumber(type) && about.time !== undefined
      ? (value as bigint) <= BigInt(Math.floor(about.time / 1000)) + within
      : undefined
  if (startsWith !== undefined) yield beginsWith(argument, startsWith)
  if (length !== undefined) {
    const count = lengthOf(argument)
    yield count === undefined
      ? undefined
      : holds(
          length,
          { type: { kind: 'uint', bits: 256 }, value: count },
          about,
        )
  }
  if (fields !== undefined)
    yield type.kind === 'tuple'
      ? all(
          fields.map(({ path, condition: one }) => {
            const inner = findArgument(
              { fields: type.fields, values: value as Value[] },
              path,
            )
            return inner && holds(one, inner, about)
          }),
        )
      : undefined
  yield* testItems(condition, argument, about)
}

function* testItems(
  { every, some, none }: ArgumentCondition,
  { type, value }: Argument,
  about: Surroundings,
): Generator<Truth> {
  const judge = (
    condition: ArgumentCondition,
    join: (list: Truth[]) => Truth,
  ) =>
    type.kind === 'array'
      ? join(
          (value as Value[]).map((item) =>
            holds(condition, { type: type.of, value: item }, about),
          ),
        )
      : undefined
  if (every !== undefined) yield judge(every, all)
  if (some !== undefined) yield judge(some, any)
  if (none !== undefined) yield judge(none, (list) => not(any(list)))
}

const isNumber = (type: Type) => type.kind === 'uint' || type.kind === 'int'

const bytes = /^0x(?:[0-9a-f]{2})*$/i

/** Unknown if no value of this type is written like the literal. */
function isEqual({ type, value }: Argument, literal: Literal): Truth {
  if (type.kind === 'bool')
    return typeof literal === 'boolean' ? value === literal : undefined
  if (typeof literal !== 'string') return undefined
  switch (type.kind) {
    case 'uint':
    case 'int':
      return /^(?:0|-?[1-9]\d*)$/.test(literal)
        ? value === BigInt(literal)
        : undefined
    case 'string':
      return value === literal
    case 'bytes':
      return bytes.test(literal) ? value === literal.toLowerCase() : undefined
    case 'address':
    case 'fixed':
      // Hex of another length is not a value of this type.
      return bytes.test(literal) && literal.length === (value as string).length
        ? value === literal.toLowerCase()
        : undefined
    default:
      return undefined
  }
}

function beginsWith({ type, value }: Argument, start: string): Truth {
  if (type.kind === 'string') return (value as string).startsWith(start)
  if (type.kind !== 'bytes' && type.kind !== 'fixed') return undefined
  return bytes.test(start)
    ? (value as string).startsWith(start.toLowerCase())
    : undefined
}

/** The number of items, of bytes, or of a text's UTF-8 bytes. */
function lengthOf({ type, value }: Argument): bigint | undefined {
  if (type.kind === 'array') return BigInt((value as Value[]).length)
  if (type.kind === 'bytes') return BigInt(((value as string).length - 2) / 2)
  if (type.kind === 'string')
    return BigInt(Buffer.byteLength(value as string, 'utf8'))
  return undefined
}

/** Compares exactly, without rounding. A ratio to zero never holds. */
export function ratioHolds(ratio: Ratio, decoded: Decoded): Truth {
  const of = findArgument(decoded, ratio.of)
  const to = findArgument(decoded, ratio.to)
  if (of === undefined || to === undefined) return undefined
  if (of.type.kind !== 'uint' || to.type.kind !== 'uint') return undefined
  const divisor = to.value as bigint
  if (divisor === 0n) return false
  const up = (of.value as bigint) * 10n ** BigInt(ratio.toDecimals)
  const down = divisor * 10n ** BigInt(ratio.ofDecimals)
  const compare = ({ digits, scale }: Decimal) =>
    up * 10n ** BigInt(scale) - digits * down
  const { atLeast, atMost } = ratio
  return (
    (atLeast === undefined || compare(atLeast) >= 0n) &&
    (atMost === undefined || compare(atMost) <= 0n)
  )
}
