// Just enough strict DER (X.690) to read a PKCS#8 key: definite, minimal
// lengths and one-byte tags.

export type Element = { tag: number; content: Uint8Array; rest: Uint8Array }

/** Reads the first element; undefined if it isn't DER. */
export const readElement = (bytes: Uint8Array): Element | undefined => {
  const [tag, first] = bytes
  if (tag === undefined || first === undefined) return undefined
  if ((tag & 0x1f) === 0x1f) return undefined
  let length = first
  let start = 2
  if (first >= 0x80) {
    const size = first & 0x7f
    // No key is longer than 65,535 bytes; 0x80 is BER's indefinite form.
    if (size === 0 || size > 2 || bytes.length < 2 + size) return undefined
    length = 0
    for (const byte of bytes.subarray(2, 2 + size)) length = length * 256 + byte
    if (length < 0x80 || (size === 2 && length < 0x100)) return undefined
    start = 2 + size
  }
  if (bytes.length < start + length) return undefined
  return {
    tag,
    content: bytes.subarray(start, start + length),
    rest: bytes.subarray(start + length),
  }
}

/** Reads all elements. Each must have a tag that is allowed at its position. */
export const readElements = (bytes: Uint8Array): Element[] | undefined => {
  const elements: Element[] = []
  for (let rest = bytes; rest.length > 0; ) {
    const element = readElement(rest)
    if (!element) return undefined
    elements.push(element)
    rest = element.rest
  }
  return elements
}
