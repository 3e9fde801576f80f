/**
 * Whether a chain id is that of the local home. Every anvil uses the same one.
 */
export function isLocalChain(chainId: number): boolean {
  return chainId === 31337
}
