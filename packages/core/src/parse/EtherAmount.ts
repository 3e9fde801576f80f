import type { Parser } from './Parser.js'
import { maxUint256 } from './Quantity.js'

const decimals = 18
const pattern = /^(?:0|[1-9][0-9]*)(?:\.[0-9]{1,18})?$/
/** 2^256-1 has 78 digits, to which a point and 18 decimals are added. */
const maxLength = 97

const allowed =
  'an amount in ether as a string such as "0.1", with at most 18 decimals, or a number of at most 15 significant digits'

/**
 * An amount in ether, as exact wei. A number is read in its shortest decimal
 * form (0.1 is one tenth, not the nearest double). With more than 15
 * significant digits, a number may already have lost precision, so the amount
 * must be a string.
 */
export const parse: Parser<bigint> = (value, path, problems) => {
  const wei = toWei(value)
  if (wei === undefined) return problems.wrong(path, value, allowed)
  if (wei > maxUint256)
    return problems.wrong(path, value, 'at most 2^256-1 wei')
  return wei
}

/**
 * Converts an amount in ether to exact wei.
 *
 * @returns `undefined` if the amount is not valid.
 */
export function toWei(value: unknown): bigint | undefined {
  const text = typeof value === 'number' ? fromNumber(value) : value
  if (typeof text !== 'string' || text.length > maxLength) return undefined
  if (!pattern.test(text)) return undefined
  const [whole = '', fraction = ''] = text.split('.')
  return BigInt(whole + fraction.padEnd(decimals, '0'))
}

/**
 * Ether with all its decimals and no trailing zeros: `1000000000000000n` is
 * `0.001`.
 */
export function fromWei(wei: bigint): string {
  const digits = wei.toString().padStart(decimals + 1, '0')
  const fraction = digits.slice(-decimals).replace(/0+$/, '')
  const whole = digits.slice(0, -decimals)
  return fraction === '' ? whole : `${whole}.${fraction}`
}

function fromNumber(value: number): string | undefined {
  if (!Number.isFinite(value) || value < 0 || Object.is(value, -0))
    return undefined
  const [mantissa = '', exponent = '0'] = String(value).split('e')
  const [whole = '', fraction = ''] = mantissa.split('.')
  const digits = (whole + fraction).replace(/^0+/, '')
  if (digits.replace(/0+$/, '').length > 15) return undefined
  const shift = Number(exponent) - fraction.length
  if (shift >= 0) return digits === '' ? '0' : digits + '0'.repeat(shift)
  const padded = digits.padStart(1 - shift, '0')
  return `${padded.slice(0, shift)}.${padded.slice(shift)}`
}
