/** They say nothing: a nonce that "is too low" is "too low". */
const fillers = /^(?:an?|are|be|been|has|have|is|the|was|were)$/

/**
 * In lower case, without fillers and what begins with a digit: numbers and
 * hashes. Transactions have one name, and so have their pools.
 */
export function toWords(text: string): string[] {
  return (
    text
      // A reason has escapes in place of line breaks and the like.
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

/** "Exceeds", "exceeded" and "exceed" are one word where words stand alone. */
export function toStem(word: string): string {
  const short = word.replace(/(?:e|ed|es|ing|s)$/, '')
  return word.length < 4 || short === word ? word : toStem(short)
}

/** Where words begin and end once they are joined. */
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
