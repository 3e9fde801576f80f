/** Chain id of anvil and Hardhat. */
const localChainId = 31337

/**
 * Confirmations, including the transaction's own block, after which a block
 * counts as final.
 */
export function defaultConfirmations(chainId: number): number {
  return chainId === localChainId ? 1 : 12
}
