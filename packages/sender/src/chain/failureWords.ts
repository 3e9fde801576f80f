/** Words without meaning here: "is too low" means the same as "too low". */
const fillers = /^(?:an?|are|be|been|has|have|is|the|was|were)$/

/**
 * Lower-case words, without fillers and without words that begin with a digit,
 * such as numbers and hashes. Synonyms of transaction, and of their pools,
 * become one name.
 */
export function toWords(text: string): string[] {
  return (
    text
      // A reason contains escapes in place of line breaks and similar
      // characters.
      .replace(/\\(?:u[0-9a-f]{4}|[bfnrt])/g, ' ')
      .replace(/([a-z0-9])([A-Z])|([A-Z])(?=[A-Z][a-z])/g, '$1$3 $2')
      .toLowerCase()
      .replace(/'s\b/g, '')
      .replace(/ <=? /g, ' below ')
      .replace(/ >=? /g, ' above ')
      .replace(/[^a-z0-9]+/g, ' ')
      .replace(/\b(?:(?:less|lower|smaller) than|under)\b/g, 'below')
      .replace(/\b(?:bigger|greater|higher|larger|more) than\b/g, 'above')
      .replace(/\bexceed(?:s|ed|ing)\b/g, 'exceed')
      .replace(/\b(?:mem|tx) ?pool\b/g, 'transaction pool')
      .replace(/\b(?:transactions|txn?s?)\b/g, 'transaction')
      .replace(/\b(gas|base|max|min|fee|rate)(cap|fee|limit|price)\b/g, '$1 $2')
      .replace(/\bfees\b/g, 'fee')
      .split(' ')
      .filter((word) => /^[a-z]/.test(word) && !fillers.test(word))
  )
}

/**
 * Reduces "exceeds", "exceeded" and "exceed" to one word when words are matched
 * singly.
 */
export function toStem(word: string): string {
  const short = word.replace(/(?:e|ed|es|ing|s)$/, '')
  return word.length < 4 || short === word ? word : toStem(short)
}

/** Word boundaries after the words are joined. */
export function toEdges(words: readonly string[]): Set<number> {
  let at = 0
  return new Set([
    0,
    ...words.map((word) => {
      at += word.length
      return at
    }),
  ])
}

export function hasWords(
  letters: string,
  edges: Set<number>,
  text: string,
): boolean {
  for (
    let at = letters.indexOf(text);
    at !== -1;
    at = letters.indexOf(text, at + 1)
  )
    if (edges.has(at) && edges.has(at + text.length)) return true
  return false
}
