import { lengthOf } from './lengthOf.js'

/**
 * Breaks lines between words, because a terminal would break within them.
 * Continuation lines align with their item (`- `), or with their column, which
 * starts after two spaces, or after an indented `label: `. Other indented lines
 * are not broken, because they are commands and output to copy.
 *
 * @param columns - The width; undefined in a pipe, where each line stays as it
 * is.
 */
export function wrapLines(text: string, columns: number | undefined): string {
  if (columns === undefined) return text
  return text
    .split('\n')
    .map((line) => wrapLine(line, columns))
    .join('\n')
}

function wrapLine(line: string, columns: number): string {
  if (lengthOf(line) <= columns) return line
  const [label = ''] =
    /^(?: *- | *\S+(?: \S+)* {2,}(?=\S)| +[a-z][\w ,]*: (?=\S))/.exec(line) ??
    []
  if (label === '' && line.startsWith('  ')) return line
  // An indent of more than half the width would leave too little room for
  // words.
  const width = lengthOf(label)
  const indent = ' '.repeat(width > columns / 2 ? 2 : width)
  const lines: string[] = []
  let last = label
  let isEmpty = true
  for (const word of line.slice(label.length).split(' ')) {
    if (isEmpty) last += word
    else if (lengthOf(`${last} ${word}`) <= columns) last += ` ${word}`
    else {
      lines.push(last.trimEnd())
      last = indent + word
    }
    isEmpty = last.trimEnd() === ''
  }
  return [...lines, last].join('\n')
}
