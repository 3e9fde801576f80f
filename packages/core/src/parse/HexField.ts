import type { Hex } from 'ox/Hex'
import type { Parser } from './Parser.js'

/**
 * Nodes take no transaction above 128 KiB into their pools (geth's
 * `txMaxSize`), so longer data is a mistake; the limit also bounds the work
 * that an event can cause.
 */
export const maxDataBytes = 131_072

/** Bytes as 0x hex of at most `max` bytes; comes out in lower case. */
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

/** Exactly `size` bytes as 0x hex; comes out in lower case. */
export function fixed(size: number): Parser<Hex> {
  return (value, path, problems) => {
    const hex = read(value, size)
    if (hex !== undefined && hex.length === 2 + size * 2) return hex
    return problems.wrong(path, value, `0x and ${size * 2} hex digits`)
  }
}

/** A transaction's data: 0x for none. */
export const data = bytes(maxDataBytes)

function read(value: unknown, max: number): Hex | undefined {
  if (typeof value !== 'string' || !value.startsWith('0x')) return undefined
  if (value.length % 2 !== 0 || value.length > 2 + max * 2) return undefined
  // A search for what is wrong takes linear time; a repeated group would not
  // only be slower but overflow the expression's stack on megabytes.
  if (/[^0-9a-fA-F]/.test(value.slice(2))) return undefined
  return value.toLowerCase() as Hex
}
