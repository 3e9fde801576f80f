import { Quote } from '@keyward/core'

const panics: Record<string, string> = {
  '1': 'an assertion failed',
  '11': 'an arithmetic overflow or underflow',
  '12': 'a division by zero',
  '21': 'a value that is not in an enum',
  '22': 'wrongly encoded storage',
  '31': 'pop of an empty array',
  '32': 'an index out of bounds',
  '41': 'too much memory',
  '51': 'a call to an unset function pointer',
}

/**
 * Describes revert data in words: Solidity's `Error(string)` and
 * `Panic(uint256)`, or a custom error's selector. The text comes from the
 * contract, so it is cut, escaped and masked like caller input.
 *
 * @returns undefined if there is no data
 */
export function describe(data: string | undefined): string | undefined {
  if (data === undefined || data === '0x') return undefined
  const body = data.slice(10)
  if (data.startsWith('0x08c379a0')) {
    const text = readString(body)
    if (text !== undefined) return Quote.value(text)
  }
  if (data.startsWith('0x4e487b71') && body.length === 64) {
    const code = BigInt(`0x${body}`).toString(16)
    return `panic 0x${code} (${panics[code] ?? 'unknown'})`
  }
  if (data.length < 10) return `${toBytes(data.length - 2)} of data`
  return `custom error ${data.slice(0, 10).toLowerCase()} (${toBytes(body.length)} of arguments)`
}

function toBytes(digits: number): string {
  return digits === 2 ? '1 byte' : `${digits / 2} bytes`
}

/** ABI encoding: an offset of 32, the length, the bytes. */
function readString(body: string): string | undefined {
  const word = (at: number) => BigInt(`0x${body.slice(at, at + 64) || '0'}`)
  if (word(0) !== 32n) return undefined
  const length = word(64)
  if (length > 65_536n) return undefined
  const hex = body.slice(128, 128 + Number(length) * 2)
  if (hex.length !== Number(length) * 2) return undefined
  return Buffer.from(hex, 'hex').toString('utf8')
}
