import type { Hex } from '@keyward/core'

/**
 * Addresses in a policy: given directly, in groups, or as tokens on their
 * chains.
 */
export type AddressSet = {
  /** As the policy writes them. */
  readonly names: readonly string[]
  readonly everywhere: ReadonlySet<string>
  /** `chain:address`. */
  readonly onChain: ReadonlySet<string>
}

/** @param address - In lower case. */
export function has(
  { everywhere, onChain }: AddressSet,
  address: Hex | string,
  chain: bigint | undefined,
): boolean {
  return (
    everywhere.has(address) ||
    (onChain.size > 0 && onChain.has(`${chain}:${address}`))
  )
}
