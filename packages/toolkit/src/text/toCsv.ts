/**
 * Rows as in RFC 4180, separated by `\n`. A cell that a spreadsheet would treat
 * as a formula gets a leading apostrophe, because callers can choose any text
 * as an idempotency key.
 */
export function toCsv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => row.map(toCell).join(',')).join('\n')
}

function toCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
