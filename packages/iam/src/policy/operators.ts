import * as Glob from './Glob.js'
import * as PolicyText from './PolicyText.js'

export type Operator = {
  /** Holds when no value fits, so also when the request has none. */
  negates: boolean
  /** Whether a policy may give this value; with variables it is not asked. */
  accepts(value: string): boolean
  takesVariables: boolean
  /** Undefined if it can't be told. */
  test(
    given: string,
    value: PolicyText.PolicyText,
    lookUp: PolicyText.LookUp,
  ): boolean | undefined
}

type Test = Operator['test']

const onText =
  (test: (given: string, value: string) => boolean | undefined): Test =>
  (given, value, lookUp) => {
    const text = PolicyText.toText(value, lookUp)
    return text === undefined ? undefined : test(given, text)
  }

const text = (test: Test) => ({
  accepts: () => true,
  takesVariables: true,
  test,
})

const like: Test = (given, value, lookUp) => {
  const glob = PolicyText.toGlob(value, lookUp)
  return glob && Glob.matches(glob, given)
}

// Field by field: a wildcard never reaches over the first five colons.
const arnLike: Test = (given, value, lookUp) => {
  const glob = PolicyText.toGlob(value, lookUp)
  if (!glob) return undefined
  const wanted = Glob.split(glob, ':', 6)
  const [a, b, c, d, e, ...rest] = given.split(':')
  const fields = [a, b, c, d, e, rest.join(':')]
  if (wanted.length < 6 || rest.length === 0) return false
  return wanted.every((part, i) => Glob.matches(part, fields[i] ?? ''))
}

const isArn = (value: string) => value.split(':').length >= 6

const toNumber = (value: string): number | undefined =>
  /^[+-]?\d+(?:\.\d+)?$/.test(value) ? Number(value) : undefined

const date =
  /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2}))?$/

/** Milliseconds since 1970 of an ISO 8601 date, or of seconds since 1970. */
const toTime = (value: string): number | undefined => {
  if (/^\d+(?:\.\d+)?$/.test(value)) return Number(value) * 1000
  const time = date.test(value) ? Date.parse(value) : Number.NaN
  return Number.isNaN(time) ? undefined : time
}

const ordered = (
  read: (value: string) => number | undefined,
  compare: (given: number, value: number) => boolean,
) => ({
  accepts: (value: string) => read(value) !== undefined,
  takesVariables: false,
  test: onText((given, value) => {
    const a = read(given)
    const b = read(value)
    return a === undefined || b === undefined ? undefined : compare(a, b)
  }),
})

const orders: Record<string, (given: number, value: number) => boolean> = {
  LessThan: (a, b) => a < b,
  LessThanEquals: (a, b) => a <= b,
  GreaterThan: (a, b) => a > b,
  GreaterThanEquals: (a, b) => a >= b,
}

const pairs = {
  StringEquals: text(onText((given, value) => given === value)),
  StringEqualsIgnoreCase: text(
    onText((given, value) => given.toLowerCase() === value.toLowerCase()),
  ),
  StringLike: text(like),
  ArnEquals: { ...text(arnLike), accepts: isArn },
  ArnLike: { ...text(arnLike), accepts: isArn },
  NumericEquals: ordered(toNumber, (a, b) => a === b),
  DateEquals: ordered(toTime, (a, b) => a === b),
}

const toBoolean = (value: string): boolean | undefined =>
  ({ true: true, false: false })[value.toLowerCase()]

const table = new Map<string, Operator>()
for (const [name, operator] of Object.entries(pairs)) {
  table.set(name, { ...operator, negates: false })
  // StringEquals -> StringNotEquals, ArnLike -> ArnNotLike
  const opposite = name.replace(/(Equals|Like)/, 'Not$1')
  table.set(opposite, { ...operator, negates: true })
}
for (const [order, compare] of Object.entries(orders)) {
  const numeric = ordered(toNumber, compare)
  table.set(`Numeric${order}`, { ...numeric, negates: false })
  table.set(`Date${order}`, { ...ordered(toTime, compare), negates: false })
}
table.set('Bool', {
  negates: false,
  accepts: (value) => toBoolean(value) !== undefined,
  takesVariables: true,
  test: onText((given, value) => {
    const a = toBoolean(given)
    const b = toBoolean(value)
    return a === undefined || b === undefined ? undefined : a === b
  }),
})

/** Condition operators by name, without prefixes and `IfExists`. */
export const operators: ReadonlyMap<string, Operator> = table
