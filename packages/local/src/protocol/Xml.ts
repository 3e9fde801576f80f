/** What an XML answer is made of; `undefined` leaves an element out. */
export type XmlValue =
  | string
  | number
  | boolean
  | Date
  | undefined
  | readonly XmlValue[]
  | { readonly [name: string]: XmlValue }

/** How lists stand: `member` elements inside, or the element itself repeated. */
export type ListStyle = 'member' | 'flat'

/** An element with its content, as the query and REST XML protocols write it. */
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

/** Elements beside each other. */
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
  // A parser would make a line feed of it.
  '\r': '&#xD;',
}

const unwritable =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 has no way to write them.
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g

/** Text as it may stand in XML 1.0; what may not becomes U+FFFD. */
function toXmlText(text: string): string {
  return text
    .replace(/[&<>"\r]/g, (character) => entities[character] ?? character)
    .replace(unwritable, '\ufffd')
}
