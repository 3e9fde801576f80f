import { wrapText } from '@keyward/toolkit'

/**
 * A text behind a label, its further lines in the same column.
 *
 * @param deeper - How much further in those lines begin.
 */
export function hang(label: string, text: string, deeper = 0): string {
  const indent = ' '.repeat(label.length)
  const wrapped = wrapText(text, indent, 80)
    .split('\n')
    .map((line, at) => (at === 0 ? line : ' '.repeat(deeper) + line))
    .join('\n')
  return label + wrapped.slice(indent.length)
}
