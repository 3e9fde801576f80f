/**
 * Whether bytes parse as a transaction: an RLP list up to the last byte, or one
 * after a type number. The empty list is not a transaction.
 */
export function isTransaction(bytes: Uint8Array): boolean {
  const first = bytes[0] ?? 0
  const from = first >= 1 && first <= 0x7f ? 1 : 0
  const lead = bytes[from] ?? 0
  return lead > 0xc0 && endOf(bytes, from, 0) === bytes.length
}

/** Deeper than any access list. */
const maxDepth = 8

/** Where the item that begins at an offset ends; undefined if there is none. */
function endOf(
  bytes: Uint8Array,
  at: number,
  depth: number,
): number | undefined {
  const first = bytes[at]
  if (first === undefined || depth > maxDepth) return undefined
  if (first < 0x80) return at + 1
  const isList = first >= 0xc0
  const short = first - (isList ? 0xc0 : 0x80)
  const digits = short > 55 ? short - 55 : 0
  let length = short
  if (digits > 0) {
    length = 0
    for (let digit = 0; digit < digits; digit++)
      length = length * 256 + (bytes[at + 1 + digit] ?? 0)
  }
  const from = at + 1 + digits
  const end = from + length
  if (end > bytes.length) return undefined
  if (!isList) return end
  let next: number | undefined = from
  while (next !== undefined && next < end) next = endOf(bytes, next, depth + 1)
  return next === end ? end : undefined
}
