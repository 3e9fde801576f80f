import { PolicyError } from '../PolicyError.js'
import { quote } from '../quote.js'
import * as Glob from './Glob.js'
import type { RequestContext } from './RequestContext.js'

/** A value of a policy with its variables, `${key}` or `${key, 'default'}`. */
export type PolicyText = readonly (
  | { type: 'pattern'; text: string }
  | { type: 'literal'; text: string }
  | { type: 'variable'; key: string; default: string | undefined }
)[]

/**
 * A text with its variables replaced. `none` means that a variable has no
 * value, so nothing equals or matches the text.
 */
type Resolved<T> = { value: T } | 'none' | 'unknown'

const variable = /\$\{([^{}]*)\}/g
const form = /^([A-Za-z0-9-]+:[^,\s]+)\s*(?:,\s*'([^']*)')?$/

/**
 * Reads a value. Variables exist from policy version 2012-10-17 on; in older
 * versions they are plain text.
 *
 * @throws PolicyError for a variable in an unknown form
 */
export function parse(value: string, hasVariables: boolean): PolicyText {
  if (!hasVariables) return [{ type: 'pattern', text: value }]
  const parts: PolicyText[number][] = []
  let end = 0
  for (const match of value.matchAll(variable)) {
    parts.push({ type: 'pattern', text: value.slice(end, match.index) })
    parts.push(parseVariable((match[1] ?? '').trim()))
    end = match.index + match[0].length
  }
  parts.push({ type: 'pattern', text: value.slice(end) })
  if (parts.some((part) => part.type === 'pattern' && part.text.includes('${')))
    throw new PolicyError(
      `${quote(value)} has a policy variable without a closing brace.`,
    )
  return parts
}

function parseVariable(inner: string): PolicyText[number] {
  // How a policy escapes these three characters.
  if (inner === '*' || inner === '?' || inner === '$')
    return { type: 'literal', text: inner }
  const match = form.exec(inner)
  if (!match?.[1])
    throw new PolicyError(
      `${quote(`\${${inner}}`)} is not a valid policy variable. Use a form such as \${aws:username}.`,
    )
  return { type: 'variable', key: match[1], default: match[2] }
}

export function hasVariable(text: PolicyText): boolean {
  return text.some((part) => part.type === 'variable')
}

type Piece = { type: 'pattern' | 'literal'; text: string }

/** The literal text, wildcards included. */
export function toText(
  text: PolicyText,
  context: RequestContext,
): Resolved<string> {
  return resolve(text, context, (pieces) =>
    pieces.map((piece) => piece.text).join(''),
  )
}

/** The text as a pattern. Wildcards in a variable's value don't count. */
export function toGlob(
  text: PolicyText,
  context: RequestContext,
): Resolved<Glob.Glob> {
  const known = constants.get(text)
  if (known) return known
  const glob = resolve(text, context, (pieces) =>
    Glob.join(
      pieces.map((piece) =>
        piece.type === 'pattern'
          ? Glob.fromPattern(piece.text)
          : Glob.fromText(piece.text),
      ),
    ),
  )
  if (!hasVariable(text)) constants.set(text, glob)
  return glob
}

// A text without variables is the same for every request.
const constants = new WeakMap<PolicyText, Resolved<Glob.Glob>>()

/** The text, if it has neither variables nor escapes. */
export function toPlain(text: PolicyText): string | undefined {
  const [only, ...more] = text
  return only?.type === 'pattern' && more.length === 0 ? only.text : undefined
}

function resolve<T>(
  text: PolicyText,
  context: RequestContext,
  make: (pieces: readonly Piece[]) => T,
): Resolved<T> {
  const pieces: Piece[] = []
  let isNone = false
  for (const part of text) {
    if (part.type !== 'variable') pieces.push(part)
    else {
      const given = context(part.key)
      // AWS says that a key with several values can't be a variable, but not
      // what happens if it is used as one.
      if (!Array.isArray(given) || given.length > 1) return 'unknown'
      const value = given[0] ?? part.default
      if (value === undefined) isNone = true
      else pieces.push({ type: 'literal', text: value })
    }
  }
  return isNone ? 'none' : { value: make(pieces) }
}
