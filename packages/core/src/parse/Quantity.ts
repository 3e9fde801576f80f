import type { Parser } from './Parser.js'

/** Largest value of an EVM word. */
export const maxUint256 = 2n ** 256n - 1n
/** Largest nonce a transaction may carry (EIP-2681: below 2^64-1). */
export const maxNonce = 2n ** 64n - 2n
/** Above this, a JSON number may already have lost digits. */
const maxNumber = BigInt(Number.MAX_SAFE_INTEGER)

/**
 * An integer as people send it: a JSON number up to 2^53-1, or a decimal or 0x
 * string. Signs, exponents, leading zeros in decimals, an empty `0x` and blanks
 * are refused, because programs read them differently.
 *
 * @param min - Smallest allowed value.
 * @param max - Largest allowed value, inclusive.
 */
export function between(min: bigint, max: bigint): Parser<bigint> {
  return (value, path, problems) => {
    const quantity = read(value)
    if (quantity !== undefined && quantity >= min && quantity <= max)
      return quantity
    return problems.wrong(path, value, describe(min, max))
  }
}

const word = between(0n, maxUint256)
const keyLike = /^0x[0-9a-fA-F]{64}$/

/**
 * Wei: 0 to 2^256-1. Exactly 64 hex digits are refused: private keys have that
 * length, and a key pasted into this field would be signed and published. A
 * number that large can be written in decimal.
 */
export const uint256: Parser<bigint> = (value, path, problems) =>
  typeof value === 'string' && keyLike.test(value)
    ? problems.wrong(
        path,
        value,
        `${describe(0n, maxUint256)}; 64 hex digits may be a private key, so write such a number in decimal`,
      )
    : word(value, path, problems)

/** A nonce: 0 to 2^64-2. */
export const nonce = between(0n, maxNonce)

/**
 * Reads an integer of any size.
 *
 * @returns `undefined` if the value is not an integer.
 */
export function read(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value
  if (typeof value === 'number')
    return Number.isSafeInteger(value) && !Object.is(value, -0)
      ? BigInt(value)
      : undefined
  if (typeof value !== 'string') return undefined
  // Check the length first, so that a long string costs nothing.
  if (value.length > 78) return undefined
  return /^(?:0|[1-9][0-9]*|0x[0-9a-fA-F]{1,64})$/.test(value)
    ? BigInt(value)
    : undefined
}

function describe(min: bigint, max: bigint): string {
  const range = `an integer from ${min} to ${power(max)}`
  return max <= maxNumber
    ? `${range}, as a number, or as a decimal or 0x string`
    : `${range}, as a decimal or 0x string, or a number up to 2^53-1`
}

/** Limits read better as powers than as 78 digits. */
function power(value: bigint): string {
  for (const bits of [53n, 64n, 256n])
    for (const less of [1n, 2n])
      if (value === 2n ** bits - less) return `2^${bits}-${less}`
  return value.toString()
}
