import { lengthOf } from './lengthOf.js'

/**
 * Breaks prose between words, since a terminal breaks it within them. Indented
 * lines stay whole: they are commands and output, to be copied.
 */
export function wrapLines(text: string, columns: number | undefined): string {
  if (columns === undefined) return text
  const wrap = (line: string) => {
    if (lengthOf(line) <= columns || line.startsWith('  ')) return line
    const indent = line.startsWith('- ') ? '  ' : ''
    const lines = ['']
    for (const word of line.split(' ')) {
      const last = lines.at(-1) ?? ''
      if (last === '' || last === indent) lines[lines.length - 1] = last + word
      else if (lengthOf(`${last} ${word}`) <= columns)
        lines[lines.length - 1] = `${last} ${word}`
      else lines.push(indent + word)
    }
    return lines.join('\n')
  }
  return text.split('\n').map(wrap).join('\n')
}
