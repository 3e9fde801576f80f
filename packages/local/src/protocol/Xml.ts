/** The content of an XML answer; `undefined` omits an element. */
export type XmlValue =
  | string
  | number
  | boolean
  | Date
  | undefined
  | readonly XmlValue[]
  | { readonly [name: string]: XmlValue }

/**
 * The form of lists: either nested `member` elements, or repetitions of the
 * element itself.
 */
export type ListStyle = 'member' | 'flat'

/**
 * An element with its content, in the form of the query and REST XML protocols.
 */
export function element(
  name: string,
  value: XmlValue,
  lists: ListStyle = 'member',
): string {
  if (value === undefined) return ''
  if (Array.isArray(value)) {
    const item = lists === 'flat' ? name : 'member'
    const items = value.map((each) => element(item, each, lists)).join('')
    return lists === 'flat' ? items : `<${name}>${items}</${name}>`
  }
  if (value instanceof Date) return element(name, value.toISOString(), lists)
  if (typeof value === 'object')
    return `<${name}>${elements(value as { [name: string]: XmlValue }, lists)}</${name}>`
  return `<${name}>${toXmlText(String(value))}</${name}>`
}

/** Sibling elements. */
export function elements(
  values: { readonly [name: string]: XmlValue },
  lists: ListStyle = 'member',
): string {
  return Object.entries(values)
    .map(([name, value]) => element(name, value, lists))
    .join('')
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // A parser would turn a carriage return into a line feed.
  '\r': '&#xD;',
}

const unwritable =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 has no way to write them.
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g

/** Escapes text for XML 1.0. Characters that aren't allowed become U+FFFD. */
function toXmlText(text: string): string {
  return text
    .replace(/[&<>"\r]/g, (character) => entities[character] ?? character)
    .replace(unwritable, '\ufffd')
}
