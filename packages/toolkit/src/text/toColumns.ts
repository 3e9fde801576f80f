/** Lines of `name value`, with all values aligned in one column. */
export function toColumns(
  rows: readonly (readonly [name: string, value: string | undefined])[],
): string {
  const shown = rows.filter(
    (row): row is readonly [string, string] => row[1] !== undefined,
  )
  const width = Math.max(0, ...shown.map(([name]) => name.length))
  return shown
    .map(([name, value]) => `${name.padEnd(width)}  ${value}`.trimEnd())
    .join('\n')
}
