import type { Style } from '../Style.js'

export type Column = {
  header: string
  isRight?: boolean
  /** Shortens a cell of this column if the table is too wide. */
  shorten?: (cell: string) => string
  /** Whether the column is left out if shortening is not enough. */
  isOptional?: boolean
  paint?: (cell: string, style: Style) => string
}

/**
 * Formats rows in columns below their headers. In a narrow terminal, cells are
 * shortened, from the right, and then columns are left out, which the last line
 * says. A pipe gets everything.
 *
 * @param width - Width of the terminal; undefined if there is none.
 */
export function toTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  style: Style,
  width: number | undefined,
): string {
  let shown = columns.map((column, index) => ({
    ...column,
    cells: rows.map((row) => row[index] ?? ''),
  }))
  const isTooWide = () => width !== undefined && widthOf(shown) > width
  for (const { shorten } of [...shown].reverse())
    if (isTooWide() && shorten !== undefined)
      shown = shown.map((column) =>
        column.shorten === shorten
          ? { ...column, cells: column.cells.map(shorten) }
          : column,
      )
  for (const { header, isOptional } of [...shown].reverse())
    if (isTooWide() && isOptional)
      shown = shown.filter((column) => column.header !== header)
  const leftOut = columns
    .map(({ header }) => header)
    .filter((header) => !shown.some((column) => column.header === header))
  const widths = shown.map(columnWidth)
  const line = (cells: readonly string[], paint: boolean) =>
    cells
      .map((cell, at) => {
        const { isRight, paint: painted } = shown[at] ?? { isRight: false }
        const length = widths[at] ?? 0
        const isLast = at === cells.length - 1
        const room = ' '.repeat(Math.max(0, length - cell.length))
        const text = paint && painted ? painted(cell, style) : cell
        return isRight ? room + text : isLast ? text : text + room
      })
      .join('  ')
  return [
    style.dim(
      line(
        shown.map(({ header }) => header),
        false,
      ),
    ),
    ...rows.map((_, row) =>
      line(
        shown.map(({ cells }) => cells[row] ?? ''),
        true,
      ),
    ),
    ...(leftOut.length === 0
      ? []
      : [
          style.dim(
            `(The terminal is too narrow to show ${leftOut.join(' and ')}.)`,
          ),
        ]),
  ].join('\n')
}

function columnWidth(column: {
  header: string
  cells: readonly string[]
}): number {
  return Math.max(
    column.header.length,
    ...column.cells.map(({ length }) => length),
  )
}

function widthOf(
  columns: readonly { header: string; cells: readonly string[] }[],
): number {
  return columns.reduce(
    (sum, column) => sum + columnWidth(column),
    2 * (columns.length - 1),
  )
}

/** A short form such as `0x7099…79C8`, if the whole value doesn't fit. */
export function shortAddress(address: string): string {
  return /^0x[0-9a-fA-F]{40}$/.test(address)
    ? `${address.slice(0, 6)}…${address.slice(-4)}`
    : address
}
