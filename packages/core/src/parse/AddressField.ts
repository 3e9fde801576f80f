import * as OxAddress from 'ox/Address'
import type { Hex } from 'ox/Hex'
import type { Parser } from './Parser.js'

const zero = `0x${'0'.repeat(40)}`

/**
 * Parses an address that is all lower case or has a valid EIP-55 checksum.
 * Returns it in lower case, as it is serialised.
 */
export const parse: Parser<Hex> = (value, path, problems) => {
  if (typeof value !== 'string' || !/^0x[0-9a-fA-F]{40}$/.test(value))
    return problems.wrong(
      path,
      value,
      'an address (0x followed by 40 hex digits, all lowercase or with its EIP-55 checksum)',
    )
  const lower = value.toLowerCase() as Hex
  if (value === lower || value === OxAddress.checksum(lower)) return lower
  return problems.wrong(
    path,
    value,
    'an address with a correct EIP-55 checksum, or one in lower case (check the address: a wrong checksum usually means a typo)',
  )
}

/** The address with its EIP-55 checksum, as people compare it. */
export function toChecksum(address: Hex): Hex {
  return OxAddress.checksum(address)
}

/** Like {@link parse}, but refuses the zero address, which burns funds. */
export const parseNonZero: Parser<Hex> = (value, path, problems) => {
  if (value === zero)
    return problems.wrong(path, value, 'any address except the zero address')
  return parse(value, path, problems)
}
