import { copyAgain, KeyFileError } from '../KeyFileError.js'

export const tag = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  sequence: 0x30,
  context0: 0xa0,
  context1: 0xa1,
} as const

/** A view of the bytes that were read, not a copy. */
export type Element = { tag: number; content: Buffer }

const reencode =
  'Rewrite the key with OpenSSL: openssl pkey -in FILE -out NEW (with ' +
  '-inform DER if FILE is not PEM).'

/**
 * All elements in the bytes, in strict DER (X.690): lengths are definite and as
 * short as possible, and nothing is cut off.
 *
 * @param what - Named in errors, for example `The PKCS#8 key`.
 * @throws KeyFileError
 */
export function readElements(bytes: Buffer, what: string): Element[] {
  const elements: Element[] = []
  for (let rest = bytes; rest.length > 0; ) {
    const [element, after] = readElement(rest, what)
    elements.push(element)
    rest = after
  }
  return elements
}

/**
 * The content of the only element in the bytes.
 *
 * @throws KeyFileError if it is another element, or bytes follow it.
 */
export function readOnly(
  bytes: Buffer,
  expected: number,
  what: string,
): Buffer {
  const [element, rest] = readElement(bytes, what)
  if (element.tag !== expected)
    throw new KeyFileError(
      `${what} has the element ${hex(element.tag)} instead of ${hex(expected)}.`,
      copyAgain,
    )
  if (rest.length > 0)
    throw new KeyFileError(
      `${what} is followed by ${rest.length === 1 ? '1 more byte' : `${rest.length} more bytes`}.`,
      'A key file must contain one key and nothing else.',
    )
  return element.content
}

function readElement(bytes: Buffer, what: string): [Element, Buffer] {
  const [type, first] = bytes
  if (type === undefined || first === undefined) throw cutOff(what)
  if ((type & 0x1f) === 0x1f)
    throw new KeyFileError(
      `${what} contains an element that keys don't have.`,
      copyAgain,
    )
  if (first === 0x80)
    throw new KeyFileError(
      `${what} is encoded in BER instead of DER: it has an indefinite length.`,
      reencode,
    )
  const [length, start] = first < 0x80 ? [first, 2] : readLength(bytes, what)
  const end = start + length
  if (end > bytes.length) throw cutOff(what)
  return [
    { tag: type, content: bytes.subarray(start, end) },
    bytes.subarray(end),
  ]
}

/**
 * X.690, 8.1.3.5 and 10.1: the long form, only if the short form can't be used.
 */
function readLength(
  bytes: Buffer,
  what: string,
): [length: number, start: number] {
  const count = (bytes[1] ?? 0) - 0x80
  // No length read here comes close to 64 KiB.
  if (count > 4) throw cutOff(what)
  if (bytes.length < 2 + count) throw cutOff(what)
  const length = bytes.readUIntBE(2, count)
  if (length < 0x80 || bytes[2] === 0)
    throw new KeyFileError(
      `${what} is encoded in BER instead of DER: it has a length field that is longer than needed.`,
      reencode,
    )
  return [length, 2 + count]
}

function cutOff(what: string): KeyFileError {
  return new KeyFileError(
    `${what} is cut off or damaged: an element is longer than the remaining data.`,
    'Copy the file again, or use the backup.',
  )
}

function hex(byte: number): string {
  return `0x${byte.toString(16).padStart(2, '0')}`
}

/** An INTEGER of at most six bytes, not negative, in its shortest form. */
export function readInteger(
  element: Element | undefined,
  what: string,
): number {
  const content = element?.tag === tag.integer ? element.content : undefined
  const [first, second] = content ?? []
  if (
    content === undefined ||
    first === undefined ||
    first >= 0x80 ||
    (first === 0 && second !== undefined && second < 0x80)
  )
    throw new KeyFileError(
      `${what} lacks a number where one is expected.`,
      copyAgain,
    )
  // Such a number exceeds all limits anyway, and is not exact in JavaScript.
  return content.length > 6
    ? Number.POSITIVE_INFINITY
    : content.readUIntBE(0, content.length)
}

/** An element's bytes as DER, for lengths below 64 KiB. */
export function encodeElement(
  type: number,
  ...contents: readonly Uint8Array[]
): Buffer {
  const length = contents.reduce((sum, content) => sum + content.length, 0)
  const header =
    length < 0x80
      ? [type, length]
      : length < 0x100
        ? [type, 0x81, length]
        : [type, 0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from(header), ...contents])
}

/** A positive INTEGER below 2^48. */
export function encodeInteger(value: number): Buffer {
  const bytes = Buffer.alloc(7)
  bytes.writeUIntBE(value, 1, 6)
  let start = 0
  // Keep one zero byte if the number would otherwise be negative.
  while (start < 6 && bytes[start] === 0 && (bytes[start + 1] ?? 0) < 0x80)
    start++
  return encodeElement(tag.integer, bytes.subarray(start))
}
