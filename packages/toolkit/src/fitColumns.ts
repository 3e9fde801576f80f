import { toColumns } from './toColumns.js'
import { wrapText } from './wrapText.js'

/**
 * `toColumns`, with values broken between words to fit the terminal, each line
 * under the one before.
 *
 * @param columns - Undefined in a pipe, which gets one line for each row.
 */
export function fitColumns(
  rows: Parameters<typeof toColumns>[0],
  columns: number | undefined,
): string {
  const shown = rows.filter(([, value]) => value !== undefined)
  const width = Math.max(0, ...shown.map(([name]) => name.length)) + 2
  const fit = (value: string | undefined) =>
    value && wrapText(value, ' '.repeat(width), columns).trimStart()
  return toColumns(shown.map(([name, value]) => [name, fit(value)] as const))
}
