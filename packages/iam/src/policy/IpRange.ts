import { BlockList, isIP } from 'node:net'

/** Addresses that share a prefix, as CIDR writes them. */
export type IpRange = { address: string; prefix: number; family: Family }

type Family = 'ipv4' | 'ipv6'

/** Undefined for what is not an address, with a prefix or without. */
export function parse(value: string): IpRange | undefined {
  const [, address = '', digits] =
    /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(value) ?? []
  const family = familyOf(address)
  if (family === undefined) return undefined
  const bits = family === 'ipv4' ? 32 : 128
  const prefix = digits === undefined ? bits : Number(digits)
  return prefix > bits ? undefined : { address, prefix, family }
}

/** Undefined where `address` is not one. */
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
