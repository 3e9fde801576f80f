const width = 80

/** JSON for people: short lists of texts and numbers stay on one line. */
export function documentText(document: unknown): string {
  return JSON.stringify(document, null, 2).replace(
    /^( *)(.*)\[\n([^[\]{}]*?)\n\1\](,?)$/gm,
    (whole, indent: string, before: string, items: string, after: string) => {
      const joined = items
        .split('\n')
        .map((item) => item.trim())
        .join(' ')
      const line = `${indent}${before}[${joined}]${after}`
      return line.length <= width ? line : whole
    },
  )
}
