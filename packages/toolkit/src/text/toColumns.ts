/**
 * Lines of `name value`, with all values aligned in one column, including the
 * further lines of a value.
 */
export function toColumns(
  rows: readonly (readonly [name: string, value: string | undefined])[],
): string {
  const shown = rows.filter(
    (row): row is readonly [string, string] => row[1] !== undefined,
  )
  const width = Math.max(0, ...shown.map(([name]) => name.length))
  const indent = ' '.repeat(width + 2)
  return shown
    .map(([name, value]) =>
      `${name.padEnd(width)}  ${value.replaceAll('\n', `\n${indent}`)}`.trimEnd(),
    )
    .join('\n')
}
