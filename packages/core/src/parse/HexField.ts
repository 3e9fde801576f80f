import type { Hex } from 'ox/Hex'
import type { Parser } from './Parser.js'

/**
 * Nodes reject transactions above 128 KiB from their pools (geth's
 * `txMaxSize`), so longer data is a mistake. The limit also bounds the work
 * that one event can cause.
 */
export const maxDataBytes = 131_072

/** Parses 0x hex of at most `max` bytes; returns it in lower case. */
export function bytes(max: number): Parser<Hex> {
  return (value, path, problems) => {
    const hex = read(value, max)
    if (hex !== undefined) return hex
    return problems.wrong(
      path,
      value,
      `0x and an even number of hex digits, at most ${max} bytes`,
    )
  }
}

/** Parses 0x hex of exactly `size` bytes; returns it in lower case. */
export function fixed(size: number): Parser<Hex> {
  return (value, path, problems) => {
    const hex = read(value, size)
    if (hex !== undefined && hex.length === 2 + size * 2) return hex
    return problems.wrong(path, value, `0x and ${size * 2} hex digits`)
  }
}

/** A transaction's data: 0x if there is none. */
export const data = bytes(maxDataBytes)

function read(value: unknown, max: number): Hex | undefined {
  if (typeof value !== 'string' || !value.startsWith('0x')) return undefined
  if (value.length % 2 !== 0 || value.length > 2 + max * 2) return undefined
  // Searching for an invalid character takes linear time. A repeated group
  // would be slower, and would overflow the regex engine's stack on megabytes
  // of input.
  if (/[^0-9a-fA-F]/.test(value.slice(2))) return undefined
  return value.toLowerCase() as Hex
}
