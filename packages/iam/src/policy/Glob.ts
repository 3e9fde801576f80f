const any = Symbol('*')
const one = Symbol('?')

/** Characters, and the two wildcards of policies. */
export type Glob = readonly (string | typeof any | typeof one)[]

/** `*` stands for any run of characters, `?` for exactly one. */
export function fromPattern(pattern: string): Glob {
  return Array.from(pattern, (c) => (c === '*' ? any : c === '?' ? one : c))
}

export function fromText(text: string): Glob {
  return Array.from(text)
}

/** The parts of a pattern between the first `limit - 1` separators. */
export function split(glob: Glob, separator: string, limit: number): Glob[] {
  const parts: Glob[number][][] = [[]]
  for (const piece of glob)
    if (piece === separator && parts.length < limit) parts.push([])
    else parts.at(-1)?.push(piece)
  return parts
}

export function matches(glob: Glob, text: string): boolean {
  const characters = Array.from(text)
  let g = 0
  let c = 0
  // Where to go on if what follows the last `*` turns out not to fit.
  let retry: { g: number; c: number } | undefined
  while (c < characters.length) {
    const piece = glob[g]
    if (piece === any) {
      retry = { g: g + 1, c }
      g += 1
    } else if (piece === one || (piece && piece === characters[c])) {
      g += 1
      c += 1
    } else if (retry) {
      retry.c += 1
      g = retry.g
      c = retry.c
    } else return false
  }
  while (glob[g] === any) g += 1
  return g === glob.length
}
