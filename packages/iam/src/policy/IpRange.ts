import { BlockList, isIP } from 'node:net'

/** A CIDR range of addresses. */
export type IpRange = { address: string; prefix: number; family: Family }

type Family = 'ipv4' | 'ipv6'

/** Undefined for anything except an address, with or without a prefix. */
export function parse(value: string): IpRange | undefined {
  const [, address = '', digits] =
    /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(value) ?? []
  const family = familyOf(address)
  if (family === undefined) return undefined
  const bits = family === 'ipv4' ? 32 : 128
  const prefix = digits === undefined ? bits : Number(digits)
  return prefix > bits ? undefined : { address, prefix, family }
}

/** Undefined if `address` is not an address. */
export function contains(
  { address, prefix, family }: IpRange,
  given: string,
): boolean | undefined {
  const givenFamily = familyOf(given)
  if (givenFamily === undefined) return undefined
  if (givenFamily !== family) return false
  const list = new BlockList()
  list.addSubnet(address, prefix, family)
  return list.check(given, family)
}

function familyOf(address: string): Family | undefined {
  return ({ 4: 'ipv4', 6: 'ipv6' } as const)[isIP(address) as 4 | 6]
}
