import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'

const crc32cTable = toTable(0x82f63b78)
const crc64Table = toTable64(0x9a6c9329, 0xac4bc9b5)

/**
 * The checksums, by the name in `x-amz-checksum-<name>`. Each returns base64.
 */
const algorithms: Readonly<Record<string, (content: Buffer) => string>> = {
  crc32: (content) => toBase64([crc32(content)]),
  crc32c: (content) => toBase64([crc32c(content)]),
  crc64nvme: (content) => toBase64(crc64(content)),
  sha1: (content) => createHash('sha1').update(content).digest('base64'),
  sha256: (content) => createHash('sha256').update(content).digest('base64'),
}

export const names: readonly string[] = Object.keys(algorithms)

/** @param name - One of `names`. */
export function of(name: string, content: Buffer): string {
  const algorithm = Object.hasOwn(algorithms, name)
    ? algorithms[name]
    : undefined
  if (!algorithm) throw new TypeError(`There is no checksum ${name}.`)
  return algorithm(content)
}

function toBase64(words: readonly number[]): string {
  const bytes = Buffer.alloc(words.length * 4)
  words.forEach((word, i) => {
    bytes.writeUInt32BE(word >>> 0, i * 4)
  })
  return bytes.toString('base64')
}

function toTable(polynomial: number): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte
    for (let bit = 0; bit < 8; bit += 1)
      value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1
    return value
  })
}

function crc32c(content: Buffer): number {
  let crc = 0xffffffff
  for (const byte of content)
    crc = (crc >>> 8) ^ (crc32cTable[(crc ^ byte) & 0xff] as number)
  return ~crc
}

/**
 * CRC-64/NVME in 32-bit halves, because a megabyte would take seconds with
 * bigint.
 */
function toTable64(high: number, low: number) {
  const highs = new Uint32Array(256)
  const lows = new Uint32Array(256)
  for (let byte = 0; byte < 256; byte += 1) {
    let h = 0
    let l = byte
    for (let bit = 0; bit < 8; bit += 1) {
      const carry = l & 1
      l = (l >>> 1) | (h << 31)
      h >>>= 1
      if (carry) {
        h ^= high
        l ^= low
      }
    }
    highs[byte] = h
    lows[byte] = l
  }
  return { highs, lows }
}

function crc64(content: Buffer): [number, number] {
  const { highs, lows } = crc64Table
  let h = 0xffffffff
  let l = 0xffffffff
  for (const byte of content) {
    const at = (l ^ byte) & 0xff
    l = ((l >>> 8) | (h << 24)) ^ (lows[at] as number)
    h = (h >>> 8) ^ (highs[at] as number)
  }
  return [~h, ~l]
}
