/** Uniswap's Permit2: the same contract on every chain. */
export const permit2 = '0x000000000022d473030f116ddee9f6b43ac78ba3'
