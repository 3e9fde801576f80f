import type { Model, Reference } from './Model.js'

/** Members as a form or XML has them: texts, and objects by name. */
export type Tree = string | { [name: string]: Tree | Tree[] }

/**
 * The value that texts stand for, by the model; what is not in it stays as it
 * came, so that a check finds it.
 */
export function fromTree(
  model: Pick<Model, 'shapes'>,
  { shape: shapeName }: Pick<Reference, 'shape'>,
  tree: Tree | Tree[],
): unknown {
  const shape = model.shapes[shapeName]
  if (Array.isArray(tree) && shape?.type !== 'list') return tree
  switch (shape?.type) {
    case 'structure':
      if (typeof tree === 'string') return tree === '' ? {} : tree
      return Object.fromEntries(
        Object.entries(tree as object).map(([name, each]) => {
          const member = shape.members?.[name]
          return [name, member ? fromTree(model, member, each) : each]
        }),
      )
    case 'list': {
      const { member } = shape
      if (member === undefined || tree === '') return []
      return itemsOf(tree).map((each) => fromTree(model, member, each))
    }
    case 'boolean':
      return tree === 'true' ? true : tree === 'false' ? false : tree
    case 'integer':
    case 'long':
    case 'double':
      return /^-?\d+(\.\d+)?$/.test(String(tree)) ? Number(tree) : tree
    case 'timestamp':
      return Number.isNaN(Date.parse(String(tree)))
        ? tree
        : Date.parse(String(tree)) / 1000
    default:
      return tree
  }
}

/** `member` elements, or `member.1` of a form. */
function itemsOf(tree: Tree | Tree[]): Tree[] {
  if (Array.isArray(tree)) return tree
  const { member = [] } = tree as { [name: string]: Tree | Tree[] }
  if (Array.isArray(member)) return member
  const isNumbered =
    typeof member === 'object' &&
    Object.keys(member).every((name) => /^\d+$/.test(name))
  return isNumbered ? (Object.values(member).flat() as Tree[]) : [member]
}

/** A form's members, whose names are paths. */
export function readForm(text: string): { [name: string]: Tree } {
  const root: { [name: string]: Tree } = {}
  for (const [path, value] of new URLSearchParams(text)) {
    const names = path.split('.')
    let at = root
    for (const name of names.slice(0, -1)) {
      at[name] ??= {}
      at = at[name] as { [name: string]: Tree }
    }
    at[String(names.at(-1))] = value
  }
  return root
}

/** As much XML as services answer: elements and text. */
export function readXml(text: string): { [name: string]: Tree | Tree[] } {
  const root: { [name: string]: Tree | Tree[] } = {}
  const pattern = /<([\w:.-]+)(?:\s[^>]*)?(?:\/>|>)|<\/([\w:.-]+)>|([^<]+)/g
  const open: { children: typeof root; text: string }[] = [
    { children: root, text: '' },
  ]
  for (const [whole, name, end, words] of text
    .replace(/<\?.*?\?>/, '')
    .matchAll(pattern)) {
    const top = open.at(-1) as (typeof open)[number]
    if (words !== undefined) top.text += words
    else if (name !== undefined && !whole.endsWith('/>'))
      open.push({ children: {}, text: '' })
    else {
      if (end !== undefined) open.pop()
      const parent = open.at(-1)?.children ?? {}
      const tag = String(end ?? name)
      const value =
        Object.keys(top.children).length > 0 && end !== undefined
          ? top.children
          : end === undefined
            ? ''
            : toText(top.text)
      const before = parent[tag]
      parent[tag] =
        before === undefined ? value : ([before, value].flat() as Tree[])
    }
  }
  return root
}

function toText(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
}
