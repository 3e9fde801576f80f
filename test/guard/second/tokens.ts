import type { Flow } from './Action.js'
import type { Document, Token } from './Document.js'

/** The token that the policy has at this address on this chain. */
export function named(
  policy: Document,
  chain: bigint | undefined,
  address: string | undefined,
): (Token & { id: string }) | undefined {
  for (const [id, token] of Object.entries(policy.tokens ?? {}))
    if (
      BigInt(token.chain) === chain &&
      token.address.toLowerCase() === address
    )
      return { ...token, id }
  return undefined
}

/** Amounts of tokens; one that is not named makes all unknown. */
export function flowsOfTokens(
  policy: Document,
  chain: bigint | undefined,
  leaving: readonly { token: string; amount: bigint; recipient: string }[],
): readonly Flow[] | 'unknown' {
  const flows: Flow[] = []
  for (const { token, amount, recipient } of leaving) {
    const found = named(policy, chain, token)
    if (!found) return 'unknown'
    flows.push({ asset: found.id, amount, recipient })
  }
  return flows
}

/** Addresses, names of groups, and ids of tokens on their chain. */
export function listed(
  policy: Document,
  list: readonly string[],
  chain: bigint | undefined,
  address: string | undefined,
): boolean {
  if (address === undefined) return false
  return list.some((item) => {
    const token = policy.tokens?.[item]
    if (token)
      return (
        BigInt(token.chain) === chain && token.address.toLowerCase() === address
      )
    const group = policy.groups?.[item]
    if (group)
      return group.some(
        (one) =>
          (typeof one === 'string' ? one : one.address).toLowerCase() ===
          address,
      )
    return item.toLowerCase() === address
  })
}
