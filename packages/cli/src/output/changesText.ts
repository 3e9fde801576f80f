import type { Style } from '@keyward/toolkit'
import type { ChangeSet } from '@keyward/toolkit/deploy'

const signs = {
  add: '+',
  modify: '~',
  replace: '!',
  remove: '-',
  other: '?',
} as const

/** A line for each resource; what destroys something is red. */
export function changesText(
  changes: readonly ChangeSet.ResourceChange[],
  { red, green }: Style,
): string {
  const width = Math.max(...changes.map(({ type }) => type.length))
  return changes
    .map((change) => {
      const { action, type, logicalId, physicalId, scope, maybe } = change
      const word =
        action === 'replace' ? (maybe ? 'may REPLACE' : 'REPLACE') : action
      const line = [
        `${signs[action]} ${word.padEnd(7)}`,
        type.padEnd(width),
        physicalId === '' ? logicalId : short(physicalId),
        scope.join(', '),
        change.policy === undefined ? '' : `(${change.policy})`,
      ]
        .filter((each) => each !== '')
        .join('  ')
      if (action === 'replace' || action === 'remove') return red(line)
      return action === 'add' ? green(line) : line
    })
    .join('\n')
}

function short(physicalId: string): string {
  return physicalId.length <= 60 ? physicalId : `…${physicalId.slice(-59)}`
}
