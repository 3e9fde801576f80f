import type { Style } from '../Style.js'
import type { FunctionState } from '../stack/readFunction.js'

export const notSeen = 'not shown: you lack the permission'

/** One line per function of a stack. */
export function functionLines(
  functions: readonly FunctionState[],
  style: Style,
  atHome: boolean,
): string[] {
  const unpinned = atHome ? 'no pin' : 'UNPINNED'
  if (functions.length === 0) return ['There are no functions.']
  const cells = functions.map((each) => [
    each.name,
    each.state ?? notSeen,
    concurrencyText(each.concurrency),
    each.pin === undefined ? '' : each.pin === null ? unpinned : 'pinned',
    each.lastModified ? `changed ${each.lastModified.slice(0, 16)}Z` : '',
  ])
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(...cells.map((row) => row[column]?.length ?? 0)),
  )
  return cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
      .replace('UNPINNED', style.red('UNPINNED'))
      .replace('stopped', style.red('stopped')),
  )
}

function concurrencyText(concurrency: FunctionState['concurrency']): string {
  if (concurrency === null) return 'unknown concurrency: no permission'
  if (concurrency === 'unreserved') return 'no limit'
  return concurrency === 0 ? 'stopped' : `at most ${concurrency} at once`
}
