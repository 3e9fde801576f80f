/** The chain id of the local home and of anvil, where money has no value. */
export const localChain = 31337n
