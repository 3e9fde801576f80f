/**
 * Parses JSON and refuses an object with a duplicate member: parsers differ in
 * which one they take, but a policy must have only one meaning.
 *
 * @throws SyntaxError as JSON.parse does; NameTwiceError for such an object
 */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text)
  assertDistinctNames(text)
  return value
}

// For valid JSON, only strings and the characters between them matter here.
const token = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/g

function assertDistinctNames(text: string): void {
  const open: (Set<string> | undefined)[] = []
  let last = ''
  for (const [part] of text.matchAll(token)) {
    if (part === '{') open.push(new Set())
    else if (part === '[') open.push(undefined)
    else if (part === '}' || part === ']') open.pop()
    else if (part === ':') {
      const name = JSON.parse(last) as string
      const names = open.at(-1)
      if (names?.has(name))
        throw new NameTwiceError(
          `The member ${JSON.stringify(name.slice(0, 80))} occurs twice in one object.`,
        )
      names?.add(name)
    }
    last = part
  }
}

export class NameTwiceError extends Error {
  override readonly name = 'NameTwiceError'
}
