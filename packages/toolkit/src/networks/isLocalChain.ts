/** Whether the chain id is the local home's, which every anvil uses. */
export function isLocalChain(chainId: number): boolean {
  return chainId === 31337
}
