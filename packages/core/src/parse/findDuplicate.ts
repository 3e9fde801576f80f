/**
 * Whether an object in a JSON text has a duplicate member. `JSON.parse`
 * silently takes the last one.
 *
 * @param json - A text that `JSON.parse` accepts.
 */
export function findDuplicate(json: string): boolean {
  const open: (Set<string> | undefined)[] = []
  for (const { groups, 0: token } of json.matchAll(tokens)) {
    if (token === '{') open.push(new Set())
    else if (token === '[') open.push(undefined)
    else if (token === '}' || token === ']') open.pop()
    else if (groups?.name !== undefined) {
      const name: string = JSON.parse(groups.name)
      const names = open.at(-1)
      if (names?.has(name)) return true
      names?.add(name)
    }
  }
  return false
}

/** Brackets, names with their colon, and other strings, which are skipped. */
const tokens = /[{}[\]]|(?<name>"(?:[^"\\]|\\.)*")\s*:|"(?:[^"\\]|\\.)*"/g
