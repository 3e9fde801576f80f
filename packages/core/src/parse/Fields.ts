import type { Parser } from './Parser.js'
import type { Problems } from './Problems.js'
import * as Quote from './Quote.js'

/** The fields of one untrusted JSON object. */
export type Fields = {
  /**
   * Whether the field exists on the object itself, even as `null` or
   * `undefined`.
   */
  has(name: string): boolean
  /** The raw value, or `undefined` if the field is missing. */
  raw(name: string): unknown
  /** Reads a field; reports a problem if it is missing. */
  required<value>(name: string, parser: Parser<value>): value | undefined
  /** Reads a field that may be missing. */
  optional<value>(name: string, parser: Parser<value>): value | undefined
  path(name: string): string
}

/**
 * Opens a plain object; any other value is a problem. A field that is not in
 * `known` is also a problem: otherwise a misspelt optional field would be
 * signed with its default.
 */
export function open(
  value: unknown,
  known: readonly string[],
  path: string,
  problems: Problems,
): Fields | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return problems.wrong(path, value, 'a JSON object')
  const object = value as Record<string, unknown>
  // Own fields only: `JSON.parse` can create `__proto__` as an own field, but
  // `toString` is inherited.
  const has = (name: string) => Object.hasOwn(object, name)
  const raw = (name: string) => (has(name) ? object[name] : undefined)
  const at = (name: string) => join(path, name)
  const unknown = Object.keys(object).filter((name) => !known.includes(name))
  for (const [index, name] of unknown.entries())
    problems.add(
      // Only the first problems are listed, so don't spend time quoting a
      // million names.
      index < 100 ? at(name) : path,
      `is not a known field; known fields: ${known.join(', ')}`,
    )
  return {
    has,
    raw,
    path: at,
    required: (name, parser) => parser(raw(name), at(name), problems),
    optional: (name, parser) =>
      raw(name) === undefined
        ? undefined
        : parser(raw(name), at(name), problems),
  }
}

/** Joins `a` and `b` to `a.b`. Names that are not identifiers are quoted. */
export function join(path: string, name: string): string {
  const quoted = Quote.name(name)
  return path === '' ? quoted : `${path}.${quoted}`
}

/**
 * Reads an array of at most `max` items.
 */
export function list<value>(item: Parser<value>, max: number): Parser<value[]> {
  return (value, path, problems) => {
    if (!Array.isArray(value)) return problems.wrong(path, value, 'an array')
    if (value.length > max)
      return problems.wrong(path, value, `at most ${max} items`)
    const values: value[] = []
    for (const [index, raw] of value.entries()) {
      const to = typeof raw === 'object' ? problems : unquoted(problems)
      const parsed = item(raw ?? null, `${path}[${index}]`, to)
      if (parsed !== undefined) values.push(parsed)
    }
    return values.length === value.length ? values : undefined
  }
}

/**
 * Describes wrong values by kind and length only. Twenty listed array items
 * could contain most of a key's bytes or of a mnemonic's words.
 */
export function unquoted(problems: Problems): Problems {
  return {
    ...problems,
    wrong: (path, came, allowed) =>
      problems.add(
        path,
        `${path === '' ? 'is' : 'got'} ${Quote.kind(came)}; allowed: ${allowed}`,
      ),
  }
}
