/** Whether it is the chain of the local home, as of every anvil. */
export function isLocalChain(chainId: number): boolean {
  return chainId === 31337
}
