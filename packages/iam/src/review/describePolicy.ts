import { quote } from '../quote.js'

type Json = Readonly<Record<string, unknown>>

/** A statement in one sentence. */
export function describeStatement(json: Json): string {
  const verb = json.Effect === 'Deny' ? 'denies' : 'allows'
  const who =
    json.NotPrincipal === undefined
      ? principals(json.Principal)
      : `everybody but ${principals(json.NotPrincipal)}`
  const what =
    json.NotAction === undefined
      ? list(json.Action)
      : `everything but ${list(json.NotAction)}`
  const where =
    json.NotResource !== undefined
      ? `, on everything but ${list(json.NotResource)}`
      : json.Resource === undefined || json.Resource === '*'
        ? ''
        : `, on ${list(json.Resource)}`
  const conditions = describeConditions(json.Condition)
  const when = conditions.length === 0 ? '' : `, if ${conditions.join(' and ')}`
  return `${verb} ${what} to ${who}${where}${when}`
}

/** Each condition as `Operator key = values`. */
export function describeConditions(block: unknown): string[] {
  return Object.entries((block ?? {}) as Json).flatMap(([operator, keys]) =>
    Object.entries((keys ?? {}) as Json).map(
      ([key, values]) => `${operator} ${key} = ${list(values)}`,
    ),
  )
}

function principals(element: unknown): string {
  if (element === '*') return 'everybody'
  if (typeof element !== 'object' || element === null) return list(element)
  return Object.entries(element)
    .map(([type, names]) =>
      type === 'AWS' && names === '*' ? 'everybody' : list(names),
    )
    .join(', ')
}

function list(value: unknown): string {
  const all = Array.isArray(value) ? value : [value]
  return all.map(show).join(', ')
}

function show(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  // Keeps plain names readable; anything else is escaped and cut.
  return /^[\w*?:/.+=,@${}' -]{1,160}$/.test(text ?? '')
    ? text
    : quote(String(text))
}
