/** Of a local home, where nothing has a price. */
export const localChain = 31337n
