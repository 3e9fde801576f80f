import { type Parser, type Problems, Quantity } from '@keyward/core'
import { type Speed, speeds } from './Speed.js'

/**
 * 1 to 128 visible ASCII characters, because it goes into logs and item keys.
 */
export const parseKey: Parser<string> = (value, path, problems) =>
  typeof value === 'string' && /^[\x21-\x7e]{1,128}$/.test(value)
    ? value
    : problems.wrong(
        path,
        value,
        '1 to 128 visible ASCII characters that identify this request and its repeats, such as an order number',
      )

export const parseSpeed: Parser<Speed> = (value, path, problems) =>
  speeds.find((speed) => speed === value) ??
  problems.wrong(path, value, '"slow", "normal" or "fast"')

/** The cheapest transaction costs 21000 gas; nothing runs with less. */
export const parseGas = Quantity.between(21_000n, 2n ** 63n - 1n)

/** A fee of 0 would never be mined. */
export const parseFee: Parser<bigint> = (value, path, problems) =>
  Quantity.read(value) === 0n
    ? problems.wrong(path, value, 'an integer from 1 to 2^256-1')
    : Quantity.uint256(value, path, problems)

export const parseFlag: Parser<boolean> = (value, path, problems) =>
  typeof value === 'boolean'
    ? value
    : problems.wrong(path, value, 'true or false')

/** Checks the fees against each other. */
export function assertFees(
  fees: {
    maxFeePerGas?: bigint | undefined
    maxPriorityFeePerGas?: bigint | undefined
    exactFee?: boolean | undefined
  },
  [max, priority, exact]: readonly [
    max: string,
    priority: string,
    exact: string,
  ],
  problems: Problems.Problems,
): void {
  const { maxFeePerGas, maxPriorityFeePerGas } = fees
  if (
    maxFeePerGas !== undefined &&
    maxPriorityFeePerGas !== undefined &&
    maxPriorityFeePerGas > maxFeePerGas
  )
    problems.wrong(
      priority,
      maxPriorityFeePerGas,
      `at most ${max} (${maxFeePerGas})`,
    )
  if (
    fees.exactFee === true &&
    (maxFeePerGas === undefined || maxPriorityFeePerGas !== undefined)
  )
    problems.add(
      exact,
      `means a fee of exactly ${max}; allowed: only with ${max} and without ${priority}`,
    )
}
