import { createHash } from 'node:crypto'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { allocate } from '../allocate.js'
import { KeyFileError } from '../KeyFileError.js'
import { wipe } from '../wipe.js'

/** The English list is in byte order. */
const words = wordlist.map((word) => Buffer.from(word))
const counts = [12, 15, 18, 21, 24]
const longest = 8

/**
 * Reads a BIP-39 recovery phrase and checks its checksum. The phrase never
 * becomes a JavaScript string, which couldn't be zeroed.
 *
 * @param text - English words separated by blanks or line ends.
 * @returns The words in lower case with one space between, in ASCII. The caller
 *   zeroes them.
 * @throws KeyFileError, which names words only by their position
 */
export function readMnemonic(text: Buffer): Buffer {
  const indexes = splitWords(text).map(indexOf)
  try {
    if (!counts.includes(indexes.length))
      throw new KeyFileError(
        `The recovery phrase has ${indexes.length} words.`,
        `Allowed: ${counts.slice(0, -1).join(', ')} or ${counts.at(-1)} words.`,
      )
    assertChecksum(indexes)
    return join(indexes)
  } finally {
    indexes.fill(0)
  }
}

function splitWords(text: Buffer): Buffer[] {
  const found: Buffer[] = []
  let start = 0
  for (let at = 0; at <= text.length; at++) {
    const code = text[at] ?? 0x20
    if (code !== 0x20 && (code < 0x09 || code > 0x0d)) continue
    if (at > start) found.push(text.subarray(start, at))
    start = at + 1
  }
  return found
}

/** Binary search, ignoring case. */
function indexOf(word: Buffer, place: number): number {
  const lower = allocate(word.length)
  for (const [i, code] of word.entries())
    lower[i] = code >= 0x41 && code <= 0x5a ? code | 0x20 : code
  try {
    let [low, high] = [0, words.length - 1]
    while (low <= high && lower.length <= longest) {
      const middle = (low + high) >> 1
      const order = lower.compare(words[middle] ?? lower)
      if (order === 0) return middle
      if (order < 0) high = middle - 1
      else low = middle + 1
    }
  } finally {
    wipe(lower)
  }
  throw new KeyFileError(
    `Word ${place + 1} of the recovery phrase is not in BIP-39's English list.`,
    'Is it mistyped or in another language? Only English phrases are ' +
      'supported.',
  )
}

/**
 * Checks the last bits, which must be the first bits of the SHA-256 of the
 * others.
 */
function assertChecksum(indexes: readonly number[]): void {
  const checksumBits = indexes.length / 3
  const bits = allocate(indexes.length * 11)
  for (const [i, index] of indexes.entries())
    for (let bit = 0; bit < 11; bit++)
      bits[i * 11 + bit] = (index >> (10 - bit)) & 1
  const entropy = allocate((bits.length - checksumBits) / 8)
  for (let i = 0; i < entropy.length * 8; i++)
    entropy[i >> 3] = ((entropy[i >> 3] ?? 0) << 1) | (bits[i] ?? 0)
  const expected = createHash('sha256').update(entropy).digest()
  const given = bits
    .subarray(entropy.length * 8)
    .reduce((value, bit) => value * 2 + bit, 0)
  const matches = (expected[0] ?? 0) >> (8 - checksumBits) === given
  wipe(bits, entropy, expected)
  if (!matches)
    throw new KeyFileError(
      'The recovery phrase has a wrong checksum.',
      'All words are in the list, but one of them, or their order, is wrong.',
    )
}

function join(indexes: readonly number[]): Buffer {
  const parts = indexes.map((index) => words[index] ?? Buffer.alloc(0))
  const length = parts.reduce((sum, part) => sum + part.length + 1, -1)
  const phrase = allocate(length).fill(0x20)
  let offset = 0
  for (const part of parts) offset += part.copy(phrase, offset) + 1
  return phrase
}
