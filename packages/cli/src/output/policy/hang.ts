import { wrapText } from '@keyward/toolkit'

/**
 * Puts a text after a label, with further lines in the same column.
 *
 * @param deeper - The extra indent of those lines.
 */
export function hang(label: string, text: string, deeper = 0): string {
  const indent = ' '.repeat(label.length)
  const wrapped = wrapText(text, indent, 80)
    .split('\n')
    .map((line, at) => (at === 0 ? line : ' '.repeat(deeper) + line))
    .join('\n')
  return label + wrapped.slice(indent.length)
}
