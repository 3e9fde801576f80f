import type { ResourceChange } from '../deploy/ChangeSet.js'
import type { Style } from '../Style.js'
import { countTypes } from './countTypes.js'

const signs = {
  add: '+',
  modify: '~',
  replace: '!',
  remove: '-',
  other: '?',
} as const

/** Above this number, a terminal that folds shows only counts. */
const few = 8

/**
 * One line per resource. Destructive changes are red and come first.
 *
 * @param isFolded - Whether to show only counts of added and modified resources
 *   if there are many.
 */
export function changesText(
  changes: readonly ResourceChange[],
  style: Style,
  isFolded: boolean,
): string {
  const severe = changes.filter(isSevere)
  const others = changes.filter((change) => !isSevere(change))
  if (!isFolded || others.length <= few)
    return linesOf([...severe, ...others], style)
  return [
    ...(severe.length === 0 ? [] : [linesOf(severe, style)]),
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
    return [`${signs[action]} ${action} ${text}`, action] as const
  })
}

function linesOf(
  changes: readonly ResourceChange[],
  { red, green }: Style,
): string {
  const width = Math.max(...changes.map(({ type }) => type.length))
  return changes
    .map((change) => {
      const { action, type, logicalId, physicalId, scope, maybe } = change
      const word =
        action === 'replace' ? (maybe ? 'might REPLACE' : 'REPLACE') : action
      const line = [
        `${signs[action]} ${word.padEnd(7)}`,
        type.padEnd(width),
        physicalId === '' ? logicalId : short(physicalId),
        scope.join(', '),
        change.policy === undefined ? '' : `(${change.policy})`,
      ]
        .filter((each) => each !== '')
        .join('  ')
      if (isSevere(change)) return red(line)
      return action === 'add' ? green(line) : line
    })
    .join('\n')
}

function short(physicalId: string): string {
  return physicalId.length <= 60 ? physicalId : `…${physicalId.slice(-59)}`
}
