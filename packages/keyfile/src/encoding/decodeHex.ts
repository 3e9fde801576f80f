import { allocate } from '../allocate.js'
import { wipe } from '../wipe.js'
/**
 * Decodes hex text without making it a string, which couldn't be zeroed.
 *
 * @param text - ASCII, with or without `0x` before the digits.
 * @returns undefined if it is not an even number of hex digits.
 */
export function decodeHex(text: Uint8Array): Buffer | undefined {
  const start = text[0] === 0x30 && ((text[1] ?? 0) | 0x20) === 0x78 ? 2 : 0
  if ((text.length - start) % 2 !== 0) return undefined
  const bytes = allocate((text.length - start) / 2)
  for (let i = 0; i < bytes.length; i++) {
    const high = nibble(text[start + 2 * i])
    const low = nibble(text[start + 2 * i + 1])
    if (high < 0 || low < 0) {
      wipe(bytes)
      return undefined
    }
    bytes[i] = high * 16 + low
  }
  return bytes
}

function nibble(code = 0): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const letter = code | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}
