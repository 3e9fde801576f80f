import * as Certainty from './Certainty.js'
import * as Decimal from './Decimal.js'
import * as Glob from './Glob.js'
import * as IpRange from './IpRange.js'
import * as PolicyText from './PolicyText.js'
import type { RequestContext } from './RequestContext.js'
import * as Unseen from './Unseen.js'

export type Operator = {
  /**
   * Whether it holds if no value matches, and so also if the request has no
   * value.
   */
  negates: boolean
  /**
   * Whether a policy may give this value. Values with variables are not
   * checked.
   */
  accepts(value: string): boolean
  takesVariables: boolean
  test(
    given: string,
    value: PolicyText.PolicyText,
    context: RequestContext,
  ): Certainty.Certainty
  /**
   * Like `test`, for a value of which only a pattern is known; if absent, the
   * result is `unknown`.
   */
  testUnseen?(given: Unseen.Unseen, value: string): Certainty.Certainty
}

type Test = Operator['test']

const onText =
  (test: (given: string, value: string) => boolean | undefined): Test =>
  (given, value, context) => {
    const text = PolicyText.toText(value, context)
    if (text === 'none') return 'no'
    return text === 'unknown' ? text : Certainty.of(test(given, text.value))
  }

const onGlob =
  (test: (given: string, glob: Glob.Glob) => boolean): Test =>
  (given, value, context) => {
    const glob = PolicyText.toGlob(value, context)
    if (glob === 'none') return 'no'
    return glob === 'unknown' ? glob : Certainty.of(test(given, glob.value))
  }

const text = (test: Test, testUnseen: NonNullable<Operator['testUnseen']>) => ({
  accepts: () => true,
  takesVariables: true,
  test,
  testUnseen,
})

// Compares field by field, so a wildcard never crosses the first five colons.
const isArnLike = (given: string, glob: Glob.Glob): boolean => {
  const wanted = fieldsOf.get(glob) ?? Glob.split(glob, ':', 6)
  fieldsOf.set(glob, wanted)
  const [a, b, c, d, e, ...rest] = given.split(':')
  const fields = [a, b, c, d, e, rest.join(':')]
  if (wanted.length < 6 || rest.length === 0) return false
  return wanted.every((part, i) => Glob.matches(part, fields[i] ?? ''))
}

const fieldsOf = new WeakMap<Glob.Glob, Glob.Glob[]>()

const arn = {
  ...text(onGlob(isArnLike), Unseen.isLike),
  accepts: (value: string) => value.split(':').length >= 6,
}

const date =
  /^\d{4}-\d{2}(?:-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2}))?)?$/

/** Milliseconds since 1970, from an ISO 8601 date or seconds since 1970. */
const toTime = (value: string): number | undefined => {
  if (/^\d+(?:\.\d+)?$/.test(value)) return Number(value) * 1000
  const time = date.test(value) ? Date.parse(value) : Number.NaN
  return Number.isNaN(time) ? undefined : time
}

/** Creates operators that don't compare both sides as text. */
const typed = <T>(
  read: (value: string) => T | undefined,
  test: (given: T, value: T) => boolean,
) => ({
  accepts: (value: string) => read(value) !== undefined,
  takesVariables: false,
  test: onText((given, value) => {
    const a = read(given)
    const b = read(value)
    return a === undefined || b === undefined ? undefined : test(a, b)
  }),
})

const time = (test: (difference: number) => boolean) =>
  typed(toTime, (given, value) => test(given - value))
const number = (test: (difference: bigint | number) => boolean) =>
  typed(Decimal.parse, (given, value) => test(Decimal.compare(given, value)))

const orders: Record<string, (difference: bigint | number) => boolean> = {
  LessThan: (difference) => difference < 0,
  LessThanEquals: (difference) => difference <= 0,
  GreaterThan: (difference) => difference > 0,
  GreaterThanEquals: (difference) => difference >= 0,
}

const pairs = {
  StringEquals: text(
    onText((given, value) => given === value),
    Unseen.equals,
  ),
  StringEqualsIgnoreCase: text(
    onText((given, value) => given.toLowerCase() === value.toLowerCase()),
    Unseen.equalsIgnoringCase,
  ),
  StringLike: text(
    onGlob((given, glob) => Glob.matches(glob, given)),
    Unseen.isLike,
  ),
  ArnEquals: arn,
  ArnLike: arn,
  NumericEquals: number((difference) => difference === 0n),
  DateEquals: time((difference) => difference === 0),
}

const toBoolean = (value: string): boolean | undefined =>
  ({ true: true, false: false })[value.toLowerCase()]

const toBytes = (value: string): string | undefined =>
  /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(value)
    ? Buffer.from(value, 'base64').toString('hex')
    : undefined

const inRange: Omit<Operator, 'negates'> = {
  accepts: (value) => IpRange.parse(value) !== undefined,
  takesVariables: false,
  test: onText((given, value) => {
    const range = IpRange.parse(value)
    return range && IpRange.contains(range, given)
  }),
}

const table = new Map<string, Operator>()
for (const [name, operator] of Object.entries(pairs)) {
  table.set(name, { ...operator, negates: false })
  // StringEquals -> StringNotEquals, ArnLike -> ArnNotLike
  const opposite = name.replace(/(Equals|Like)/, 'Not$1')
  table.set(opposite, { ...operator, negates: true })
}
for (const [order, test] of Object.entries(orders)) {
  table.set(`Numeric${order}`, { ...number(test), negates: false })
  table.set(`Date${order}`, { ...time(test), negates: false })
}
table.set('Bool', {
  ...typed(toBoolean, (given, value) => given === value),
  takesVariables: true,
  negates: false,
})
table.set('BinaryEquals', {
  ...typed(toBytes, (given, value) => given === value),
  negates: false,
})
table.set('IpAddress', { ...inRange, negates: false })
table.set('NotIpAddress', { ...inRange, negates: true })

/** Condition operators by name, without prefixes and `IfExists`. */
export const operators: ReadonlyMap<string, Operator> = table
