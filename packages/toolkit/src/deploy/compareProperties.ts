import type { Template } from '../stack/Template.js'

/** A property of a resource that a change set changes. */
export type PropertyChange = {
  /** Path in the resource, e.g. `Environment.Variables.LOG_LEVEL`. */
  name: string
  /** Undefined if the value is absent, long, or not plain. */
  before: string | undefined
  after: string | undefined
}

/** Longer values are only named. They would hide the others. */
const longest = 60

/**
 * Compares the properties of a resource in two templates. Lists and references
 * are only named. So are URLs, because they can contain an API key.
 */
export function compareProperties(
  before: Template | undefined,
  after: Template,
  logicalId: string,
): PropertyChange[] {
  const of = (template?: Template) => template?.Resources?.[logicalId]
  const old = of(before)
  const now = of(after)
  if (old === undefined || now === undefined) return []
  return compare('', old.Properties ?? {}, now.Properties ?? {})
}

function compare(name: string, before: unknown, after: unknown) {
  if (JSON.stringify(before) === JSON.stringify(after)) return []
  if (!isGroup(before) || !isGroup(after))
    return [{ name, ...valuesOf(before, after) }]
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...names].flatMap((each): PropertyChange[] =>
    compare(name === '' ? each : `${name}.${each}`, before[each], after[each]),
  )
}

/** `{ Ref }` and `{ "Fn::GetAtt" }` are values, not groups of properties. */
function isGroup(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !Object.keys(value).some((key) => key === 'Ref' || key.startsWith('Fn::'))
  )
}

function valuesOf(before: unknown, after: unknown) {
  const isShown = [before, after].every(
    (value) => value === undefined || isShort(value),
  )
  const text = (value: unknown) =>
    isShown && value !== undefined ? String(value) : undefined
  return { before: text(before), after: text(after) }
}

function isShort(value: unknown): boolean {
  return (
    typeof value !== 'object' &&
    String(value).length <= longest &&
    // A line break could make one change look like several.
    !/\p{Cc}/u.test(String(value)) &&
    !String(value).includes('://')
  )
}
