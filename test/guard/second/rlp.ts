/** Whether the bytes are an RLP list, not 0xc0, at most eight levels deep. */
export function isList(bytes: Uint8Array): boolean {
  const found = itemAt(bytes, 0, bytes.length)
  return (
    found?.list === true &&
    found.end === bytes.length &&
    bytes[0] !== 0xc0 &&
    items(bytes, found.start, found.end, 1)
  )
}

function items(
  bytes: Uint8Array,
  from: number,
  end: number,
  level: number,
): boolean {
  for (let at = from; at < end; ) {
    if (level > 8) return false
    const found = itemAt(bytes, at, end)
    if (!found) return false
    if (found.list && !items(bytes, found.start, found.end, level + 1))
      return false
    at = found.end
  }
  return true
}

function itemAt(bytes: Uint8Array, at: number, limit: number) {
  const first = bytes[at]
  if (first === undefined || at >= limit) return undefined
  if (first < 0x80) return { list: false, start: at, end: at + 1 }
  const list = first >= 0xc0
  const short = first - (list ? 0xc0 : 0x80)
  const lengthBytes = Math.max(0, short - 55)
  let length = short
  if (lengthBytes > 0) {
    length = 0
    for (const byte of bytes.subarray(at + 1, at + 1 + lengthBytes))
      length = length * 256 + byte
  }
  const start = at + 1 + lengthBytes
  const end = start + length
  return end > limit ? undefined : { list, start, end }
}
