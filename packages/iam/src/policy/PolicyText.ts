import * as Glob from './Glob.js'

/** A value of a policy with its variables, `${key}` or `${key, 'default'}`. */
export type PolicyText = readonly (
  | { type: 'pattern'; text: string }
  | { type: 'literal'; text: string }
  | { type: 'variable'; key: string; default: string | undefined }
)[]

/** The single value of a condition key, or undefined if there is none. */
export type LookUp = (key: string) => string | undefined

const variable = /\$\{([^{}]*)\}/g
const form = /^([A-Za-z0-9-]+:[^,\s]+)\s*(?:,\s*'([^']*)')?$/

/**
 * Reads a value. Variables exist from policy version 2012-10-17 on; before,
 * they are plain text.
 *
 * @throws SyntaxError for a variable in no known form.
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
    throw new SyntaxError(
      `${JSON.stringify(value.slice(0, 80))} has a broken variable.`,
    )
  return parts.filter((part) => part.type === 'variable' || part.text !== '')
}

function parseVariable(inner: string): PolicyText[number] {
  // How a policy writes these three characters themselves.
  if (inner === '*' || inner === '?' || inner === '$')
    return { type: 'literal', text: inner }
  const match = form.exec(inner)
  if (!match?.[1])
    throw new SyntaxError(`\${${inner}} is not a policy variable.`)
  return { type: 'variable', key: match[1].toLowerCase(), default: match[2] }
}

export function hasVariable(text: PolicyText): boolean {
  return text.some((part) => part.type === 'variable')
}

/** The text as it is, wildcards included; undefined if a variable has none. */
export function toText(text: PolicyText, lookUp: LookUp): string | undefined {
  let result = ''
  for (const part of text) {
    const value =
      part.type === 'variable' ? (lookUp(part.key) ?? part.default) : part.text
    if (value === undefined) return undefined
    result += value
  }
  return result
}

/** As a pattern, in which a variable's value has no wildcards. */
export function toGlob(
  text: PolicyText,
  lookUp: LookUp,
): Glob.Glob | undefined {
  const result: Glob.Glob[number][] = []
  for (const part of text)
    if (part.type === 'pattern') result.push(...Glob.fromPattern(part.text))
    else {
      const value =
        part.type === 'variable'
          ? (lookUp(part.key) ?? part.default)
          : part.text
      if (value === undefined) return undefined
      result.push(...Glob.fromText(value))
    }
  return result
}
