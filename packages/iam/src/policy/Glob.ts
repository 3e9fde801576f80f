const any = Symbol('*')
const one = Symbol('?')
type Piece = string | typeof any | typeof one

/** Text with the two wildcards of policies. */
export type Glob = {
  pieces: readonly Piece[]
  /** The text before the first wildcard. */
  prefix: string
}

function of(pieces: readonly Piece[]): Glob {
  const end = pieces.findIndex((piece) => typeof piece !== 'string')
  const prefix = end < 0 ? pieces : pieces.slice(0, end)
  return { pieces, prefix: prefix.join('') }
}

/** `*` stands for any run of characters, and `?` for exactly one. */
export function fromPattern(pattern: string): Glob {
  return of(Array.from(pattern, (c) => (c === '*' ? any : c === '?' ? one : c)))
}

export function fromText(text: string): Glob {
  return of(Array.from(text))
}

export function join(globs: readonly Glob[]): Glob {
  return of(globs.flatMap(({ pieces }) => pieces))
}

/** The parts of a pattern between the first `limit - 1` separators. */
export function split(glob: Glob, separator: string, limit: number): Glob[] {
  const parts: Piece[][] = [[]]
  for (const piece of glob.pieces)
    if (piece === separator && parts.length < limit) parts.push([])
    else parts.at(-1)?.push(piece)
  return parts.map(of)
}

export function matches({ pieces, prefix }: Glob, text: string): boolean {
  // The prefix decides most cases without splitting anything.
  if (!text.startsWith(prefix)) return false
  if (pieces.length === 1 && pieces[0] === any) return true
  const characters = Array.from(text)
  let g = 0
  let c = 0
  // Where to resume if the text after the last `*` doesn't match.
  let retry: { g: number; c: number } | undefined
  while (c < characters.length) {
    const piece = pieces[g]
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
  while (pieces[g] === any) g += 1
  return g === pieces.length
}
