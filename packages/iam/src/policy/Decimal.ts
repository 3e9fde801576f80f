/** A decimal number of any size and precision: `digits` / 10^`scale`. */
export type Decimal = { digits: bigint; scale: number }

const form = /^([+-]?)(\d+)(?:\.(\d+))?$/

/** Undefined for anything except an integer or a decimal fraction. */
export function parse(value: string): Decimal | undefined {
  const [, sign, whole, fraction = ''] = form.exec(value) ?? []
  if (whole === undefined) return undefined
  const digits = BigInt(whole + fraction)
  return { digits: sign === '-' ? -digits : digits, scale: fraction.length }
}

/** Negative if `a` is smaller, 0 if the two are equal. */
export function compare(a: Decimal, b: Decimal): bigint {
  const scale = Math.max(a.scale, b.scale)
  const toScale = (each: Decimal) =>
    each.digits * 10n ** BigInt(scale - each.scale)
  return toScale(a) - toScale(b)
}
