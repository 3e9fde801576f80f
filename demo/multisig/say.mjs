// The account that the demo gives, for a terminal of 80 columns.

const isColored = process.stdout.isTTY && !process.env.NO_COLOR
/** @param {string} text */
const bold = (text) => (isColored ? `\u001b[1m${text}\u001b[0m` : text)
const width = 12

/** @param {string} text */
export function title(text) {
  console.log(`\n${bold(text)}`)
}

/** @param {string} text */
export function paragraph(text) {
  console.log(wrap(text, 2))
}

/**
 * @param {string} name
 * @param {string} text
 */
export function field(name, text) {
  console.log(`  ${name.padEnd(width)}${text}`)
}

/** Below a field. @param {string} text */
export function indent(text) {
  console.log(wrap(text, width + 2))
}

/**
 * @param {string} text
 * @param {number} columns
 */
function wrap(text, columns) {
  const lines = ['']
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1) ?? ''
    const isFull = line !== '' && line.length + word.length + columns > 79
    if (isFull) lines.push(word)
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`
  }
  return lines.map((line) => ' '.repeat(columns) + line).join('\n')
}
