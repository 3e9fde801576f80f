import { lengthOf } from './lengthOf.js'

/**
 * Breaks a text at spaces and indents each line.
 *
 * @param width - The line width; undefined in a pipe, which gets a single line.
 */
export function wrapText(
  text: string,
  indent: string,
  width: number | undefined,
): string {
  if (width === undefined) return indent + text
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line !== '' && indent.length + lengthOf(longer) > width) {
      lines.push(line)
      line = word
    } else line = longer
  }
  return [...lines, line].map((each) => `${indent}${each}`.trimEnd()).join('\n')
}
