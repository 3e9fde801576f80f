import { AddressField, type Hex, type Parser, Quantity } from '@keyward/core'
import { escapeInvisible } from '@keyward/core/errors'

/** A name of a rule, token, group or window. */
export const name: Parser<string> = (value, path, problems) =>
  typeof value === 'string' && /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/.test(value)
    ? value
    : problems.wrong(
        path,
        value,
        'a letter followed by up to 63 letters, digits, _, . or -',
      )

/** An amount in the smallest unit, as a string of decimal digits. */
export function amount(max = Quantity.maxUint256): Parser<bigint> {
  return (value, path, problems) => {
    const isDecimal =
      typeof value === 'string' && /^(?:0|[1-9]\d{0,77})$/.test(value)
    if (isDecimal && BigInt(value) <= max) return BigInt(value)
    return problems.wrong(
      path,
      value,
      `a whole number in the smallest unit, as a string of decimal digits, at most ${max}`,
    )
  }
}

/** A JSON number. */
export function integer(min: number, max: number): Parser<number> {
  return (value, path, problems) =>
    typeof value === 'number' &&
    Number.isSafeInteger(value) &&
    value >= min &&
    value <= max
      ? value
      : problems.wrong(
          path,
          value,
          min === max
            ? `the JSON number ${min}`
            : `a JSON number from ${min} to ${max}`,
        )
}

export const seconds: Parser<bigint> = (value, path, problems) => {
  const read = integer(0, 10 ** 10)(value, path, problems)
  return read === undefined ? undefined : BigInt(read)
}

export const chain: Parser<bigint> = (value, path, problems) => {
  const read = integer(0, Number.MAX_SAFE_INTEGER)(value, path, problems)
  return read === undefined ? undefined : BigInt(read)
}

export function oneOf<word extends string>(
  words: readonly word[],
): Parser<word> {
  return (value, path, problems) =>
    words.includes(value as word)
      ? (value as word)
      : problems.wrong(path, value, words.join(', '))
}

/** A non-empty text with a maximum number of characters. */
export function text(max: number): Parser<string> {
  return (value, path, problems) =>
    typeof value === 'string' && value !== '' && value.length <= max
      ? value
      : problems.wrong(path, value, `a string of 1 to ${max} characters`)
}

/**
 * A text that is shown to people as part of a line. A line break or a control
 * character could forge other lines of what is shown.
 */
export function label(max: number): Parser<string> {
  return (value, path, problems) =>
    typeof value === 'string' &&
    value.trim() !== '' &&
    value.length <= max &&
    escapeInvisible(value) === value
      ? value
      : problems.wrong(
          path,
          value,
          `a single line of 1 to ${max} printable characters`,
        )
}

/** Aliases that no caller can have, because Keyward uses them itself. */
const reserved = ['admin', 'clock', 'status']

/** A caller: the name of an alias of a function. */
export const caller: Parser<string> = (value, path, problems) =>
  typeof value === 'string' &&
  /^(?![0-9]+$)[a-zA-Z0-9_-]{1,128}$/.test(value) &&
  !reserved.includes(value)
    ? value
    : problems.wrong(
        path,
        value,
        `the name of an alias: 1 to 128 letters, digits, - and _, but not only digits, and not ${reserved.join(', ')}, which Keyward uses itself`,
      )

/**
 * An address with its EIP-55 checksum, so that a mistyped address in a policy
 * is detected.
 */
export const address: Parser<Hex> = AddressField.parse
