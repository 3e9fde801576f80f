/**
 * Rows as RFC 4180 has them, with `\n` between. A cell that a spreadsheet would
 * take for a formula gets an apostrophe before it: keys are their caller's text.
 */
export function toCsv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => row.map(toCell).join(',')).join('\n')
}

function toCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
