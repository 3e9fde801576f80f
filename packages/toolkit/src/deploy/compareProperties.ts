import type { Template } from '../stack/Template.js'

/** A property of a resource that a change set changes. */
export type PropertyChange = {
  /**
   * Path in the resource, e.g. `Environment.Variables.LOG_LEVEL`. A policy's
   * statement goes by its Sid, e.g. `KeyPolicy.Statement.UsersSign.Action`.
   */
  name: string
  /** Undefined if the value is absent, long, or not plain. */
  before: string | undefined
  after: string | undefined
}

/** Longer values are only named. They would hide the others. */
const longest = 60

/**
 * Compares the properties of a resource in two templates. Lists (other than a
 * policy's statements) and references are only named. So are URLs, because they
 * can contain an API key.
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

function compare(
  name: string,
  before: unknown,
  after: unknown,
): PropertyChange[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return []
  const [old, now] = [groupOf(before), groupOf(after)]
  if (old === undefined || now === undefined)
    return [{ name, ...valuesOf(before, after) }]
  const names = new Set([...Object.keys(old), ...Object.keys(now)])
  return [...names].flatMap((each) =>
    compare(name === '' ? each : `${name}.${each}`, old[each], now[each]),
  )
}

type Group = Readonly<Record<string, unknown>>

/**
 * `{ Ref }` and `{ "Fn::GetAtt" }` are values, not groups of properties. A list
 * of statements is a group if each one has a Sid of its own.
 */
function groupOf(value: unknown): Group | undefined {
  if (Array.isArray(value)) {
    const bySid = new Map(value.map((each) => [Object(each).Sid, each]))
    const isGroup = [...bySid.keys()].every((sid) => typeof sid === 'string')
    return isGroup && bySid.size === value.length
      ? Object.fromEntries(bySid)
      : undefined
  }
  return typeof value === 'object' &&
    value !== null &&
    !Object.keys(value).some((key) => key === 'Ref' || key.startsWith('Fn::'))
    ? (value as Group)
    : undefined
}

function valuesOf(...values: [before: unknown, after: unknown]) {
  const [before, after] = values.map((value) => {
    const { Sid, Effect } = Object(value)
    return Sid === undefined ? value : `${Effect} statement`
  })
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
