import { inflateRawSync } from 'node:zlib'

/** Lambda's limit on unpacked code. */
const maximumBytes = 250 * 1024 * 1024
const maximumEntries = 10_000

/**
 * Unpacks a ZIP archive in memory. Supports only files that are stored or
 * deflated, without encryption or ZIP64.
 *
 * @returns Content by path.
 * @throws RangeError or Error for any other archive.
 */
export function readZip(archive: Buffer): Map<string, Buffer> {
  const end = findEnd(archive)
  const count = archive.readUInt16LE(end + 10)
  let at = archive.readUInt32LE(end + 16)
  let room = maximumBytes
  const files = new Map<string, Buffer>()
  if (count > maximumEntries) throw new Error('too many entries')
  for (let i = 0; i < count; i += 1) {
    if (archive.readUInt32LE(at) !== 0x02014b50) throw new Error('no entry')
    const flags = archive.readUInt16LE(at + 8)
    const method = archive.readUInt16LE(at + 10)
    const packed = archive.readUInt32LE(at + 20)
    const size = archive.readUInt32LE(at + 24)
    const nameLength = archive.readUInt16LE(at + 28)
    const local = archive.readUInt32LE(at + 42)
    const name = archive.toString('utf8', at + 46, at + 46 + nameLength)
    const extra = archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32)
    at += 46 + nameLength + extra
    if (name.endsWith('/')) continue
    room -= size
    if (flags & 1 || room < 0) throw new Error('encrypted or too large')
    files.set(name, unpack(archive, { local, method, packed, size }))
  }
  return files
}

function findEnd(archive: Buffer): number {
  // 22 bytes, plus a comment of at most 65,535 bytes.
  const first = Math.max(0, archive.length - 22 - 0xffff)
  for (let at = archive.length - 22; at >= first; at -= 1)
    if (archive.readUInt32LE(at) === 0x06054b50) return at
  throw new Error('not a ZIP archive')
}

function unpack(
  archive: Buffer,
  entry: { local: number; method: number; packed: number; size: number },
): Buffer {
  const { local, method, packed, size } = entry
  const start =
    local +
    30 +
    archive.readUInt16LE(local + 26) +
    archive.readUInt16LE(local + 28)
  if (start + packed > archive.length) throw new Error('cut short')
  const content = archive.subarray(start, start + packed)
  const file =
    method === 0
      ? Buffer.from(content)
      : method === 8
        ? inflateRawSync(content, { maxOutputLength: Math.max(size, 1) })
        : undefined
  if (file?.length !== size) throw new Error('damaged')
  return file
}
