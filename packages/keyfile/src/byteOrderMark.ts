export type ByteOrderMark = 'UTF-8' | 'UTF-16'

/**
 * The encoding whose byte order mark the bytes begin with. Windows editors
 * write such marks.
 */
export function byteOrderMark(bytes: Uint8Array): ByteOrderMark | undefined {
  const [first, second, third] = bytes
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'UTF-8'
  if (first === 0xff && second === 0xfe) return 'UTF-16'
  if (first === 0xfe && second === 0xff) return 'UTF-16'
  return undefined
}
