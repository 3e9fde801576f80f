import { AddressField, type Hex } from '@keyward/core'
import type { Policy, Window } from '../policy/Policy.js'
import { formatPeriod } from '../windows/formatPeriod.js'

/** The amount of unlimited approvals. */
const unlimited = 2n ** 256n - 1n

/** `1,250.5 USDC`, `2 ETH`: never rounded. */
export function formatAmount(
  { tokens }: Policy,
  asset: string,
  amount: bigint,
): string {
  const token = tokens.get(asset)
  const [decimals, symbol] =
    token === undefined ? [18, 'ETH'] : [token.decimals, token.symbol]
  return amount === unlimited
    ? `unlimited ${symbol}`
    : `${formatDecimal(amount, decimals)} ${symbol}`
}

export function formatWindow(
  policy: Policy,
  { asset }: Window,
  amount: bigint,
): string {
  return asset === 'requests'
    ? `${amount} request${amount === 1n ? '' : 's'}`
    : formatAmount(policy, asset, amount)
}

/** The most that a window allows: `1 ETH in any 24 hours, ...`. */
export function formatLimit(policy: Policy, window: Window): string {
  const { asset, length, limit, per } = window
  const countsFees = asset === 'native' && !per.includes('recipient')
  return `${formatWindow(policy, window, limit)} ${formatPeriod(length)}${countsFees ? ', including maximum fees' : ''}`
}

/** @param before - What a window counted; undefined if it was not read. */
export function onTopOf(
  format: (amount: bigint) => string,
  amount: bigint,
  before: bigint | undefined,
): string {
  const came = format(amount)
  return before === undefined
    ? came
    : `${came} on top of ${format(before)} already counted`
}

export function formatDecimal(amount: bigint, decimals: number): string {
  const digits = String(amount).padStart(decimals + 1, '0')
  const whole = digits.slice(0, digits.length - decimals)
  const part = digits.slice(digits.length - decimals).replace(/0+$/, '')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return part === '' ? grouped : `${grouped}.${part}`
}

/** The shortened address, with its name in the policy. */
export function formatAddress({ groups }: Policy, address: Hex): string {
  const full = AddressField.toChecksum(address)
  const short = `${full.slice(0, 6)}...${full.slice(-4)}`
  for (const members of groups.values())
    for (const member of members)
      if (member.address === address && member.name !== undefined)
        return `${short} (${member.name})`
  return short
}
