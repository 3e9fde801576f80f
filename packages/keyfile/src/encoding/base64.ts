import { allocate } from '../allocate.js'
import { wipe } from '../wipe.js'

const alphabet = Buffer.from(
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
)
const padding = 0x3d
const values = new Map([...alphabet].map((code, value) => [code, value]))

/**
 * Decodes base64 text without making it a string, which couldn't be zeroed. It
 * is strict: whole groups of four, padding only at the end, and no leftover
 * bits (RFC 4648, sections 3.3 and 3.5).
 *
 * @param text - ASCII without line ends.
 * @returns undefined if it is not base64.
 */
export function decodeBase64(text: Uint8Array): Buffer | undefined {
  if (text.length % 4 !== 0) return undefined
  const last = text.length - 1
  const padded = text[last] !== padding ? 0 : text[last - 1] !== padding ? 1 : 2
  const bytes = allocate((text.length / 4) * 3 - padded)
  let group = 0
  for (let i = 0; i < text.length; i++) {
    const value = i > last - padded ? 0 : values.get(text[i] ?? 0)
    if (value === undefined) return refuse(bytes)
    group = (group << 6) | value
    if (i % 4 !== 3) continue
    const at = (i >> 2) * 3
    // A Buffer ignores writes past its end. Only the padding's bytes are
    // written there.
    bytes[at] = group >> 16
    bytes[at + 1] = group >> 8
    bytes[at + 2] = group
    if (i === last && group & ((1 << (8 * padded)) - 1)) return refuse(bytes)
    group = 0
  }
  return bytes
}

function refuse(bytes: Buffer): undefined {
  wipe(bytes)
  return undefined
}

/** Encodes bytes as base64 in ASCII, also without a string. */
export function encodeBase64(bytes: Uint8Array): Buffer {
  const text = allocate(Math.ceil(bytes.length / 3) * 4).fill(padding)
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i
    const group =
      ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0)
    for (let j = 0; j < Math.min(left + 1, 4); j++)
      text[(i / 3) * 4 + j] = alphabet[(group >> (18 - 6 * j)) & 63] ?? 0
  }
  return text
}
