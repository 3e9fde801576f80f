/** Of anvil and Hardhat. */
const localChainId = 31337

/** Blocks on top, the own one included, after which a block stays. */
export function defaultConfirmations(chainId: number): number {
  return chainId === localChainId ? 1 : 12
}
