import type { Parser } from './Parser.js'
import * as Quantity from './Quantity.js'

const max = BigInt(Number.MAX_SAFE_INTEGER)
const fromOne = Quantity.between(1n, max)
const fromZero = Quantity.between(0n, max)

/** A chain id, 1 to 2^53-1. */
export const parse: Parser<number> = (value, path, problems) =>
  toNumber(fromOne(value, path, problems))

/** The chain id of an authorisation; 0 means every chain (EIP-7702). */
export const parseOrAny: Parser<number> = (value, path, problems) =>
  toNumber(fromZero(value, path, problems))

function toNumber(value: bigint | undefined): number | undefined {
  return value === undefined ? undefined : Number(value)
}
