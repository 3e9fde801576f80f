import type { ResourceChange } from '../deploy/ChangeSet.js'
import type { PropertyChange } from '../deploy/compareProperties.js'
import type { Style } from '../Style.js'
import { countTypes } from './countTypes.js'

const signs = {
  add: '+',
  modify: '~',
  replace: '!',
  remove: '-',
  other: '?',
} as const

/** As wide as the sign and the action before a resource. */
const indent = ' '.repeat(11)

/** Above this number, a terminal that folds shows only counts. */
const few = 8

/**
 * One line per resource. Destructive changes are red and come first.
 *
 * @param terminal.isFolded - Whether to show only counts of added and modified
 *   resources if there are many.
 * @param terminal.columns - Undefined in a pipe, where nothing is shortened.
 */
export function changesText(
  changes: readonly ResourceChange[],
  style: Style,
  { isFolded, columns }: { isFolded: boolean; columns: number | undefined },
): string {
  const severe = changes.filter(isSevere)
  const others = changes.filter((change) => !isSevere(change))
  if (!isFolded || others.length <= few)
    return linesOf([...severe, ...others], style, columns)
  return [
    ...(severe.length === 0 ? [] : [linesOf(severe, style, columns)]),
    ...countByAction(others).map(([line, action]) =>
      action === 'add' ? style.green(line) : line,
    ),
    style.dim('  --verbose lists each resource.'),
  ].join('\n')
}

/**
 * Every update removes the old version of a function, which contains no data.
 */
function isSevere({ action, type }: ResourceChange): boolean {
  return (
    type !== 'AWS::Lambda::Version' &&
    (action === 'replace' || action === 'remove')
  )
}

/** Formats counts, for example `+ add 38 resources: 6 Function, 4 Role, …`. */
function countByAction(
  changes: readonly ResourceChange[],
): (readonly [string, ResourceChange['action']])[] {
  const actions = [...new Set(changes.map(({ action }) => action))]
  return actions.map((action) => {
    const of = changes.filter((each) => each.action === action)
    const text = countTypes(of.map(({ type }) => type))
    // Many functions usually change in the same way.
    const changed = new Set(
      of.flatMap((each) => {
        const { names, values } = propertiesOf(each)
        return [...values, ...names.map((name) => indent + name)]
      }),
    )
    const line = `${signs[action]} ${action} ${text}`
    return [[line, ...changed].join('\n'), action] as const
  })
}

function linesOf(
  changes: readonly ResourceChange[],
  { red, green }: Style,
  columns: number | undefined,
): string {
  const width = Math.max(...changes.map(({ type }) => type.length))
  return changes
    .map((change) => {
      const { action, type, logicalId, physicalId, maybe } = change
      const { names, values } = propertiesOf(change)
      const word =
        action === 'replace' ? (maybe ? 'might REPLACE' : 'REPLACE') : action
      const line = [
        `${signs[action]} ${word.padEnd(7)}`,
        type.padEnd(width),
        physicalId === '' ? logicalId : short(physicalId, columns),
        names.join(', '),
        change.policy === undefined ? '' : `(${change.policy})`,
      ]
        .filter((each) => each !== '')
        .join('  ')
      const lines = [line, ...values].join('\n')
      if (isSevere(change)) return red(lines)
      return action === 'add' ? green(lines) : lines
    })
    .join('\n')
}

/** What changes in a resource. Each known value has a line of its own. */
function propertiesOf({ scope, properties }: ResourceChange) {
  if (properties.length === 0) return { names: scope, values: [] }
  const isKnown = ({ before, after }: PropertyChange) =>
    before !== undefined || after !== undefined
  return {
    names: properties.filter((each) => !isKnown(each)).map(({ name }) => name),
    values: properties
      .filter(isKnown)
      .map(
        ({ name, before, after }) =>
          `${indent}${name}: ${valueText(before)} -> ${valueText(after)}`,
      ),
  }
}

function valueText(value: string | undefined): string {
  return value === '' ? '""' : (value ?? 'none')
}

function short(physicalId: string, columns: number | undefined): string {
  return columns === undefined || physicalId.length <= 60
    ? physicalId
    : `…${physicalId.slice(-59)}`
}
