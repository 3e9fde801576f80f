/** The transaction that every contender signs: an ERC-20 transfer, type 2. */
export const data =
  '0xa9059cbb00000000000000000000000070997970c51812dc3a010c7d01b50e0d17dc79c80000000000000000000000000000000000000000000000000de0b6b3a7640000'
export const to = '0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48'
export const chainId = 1
export const gas = 65_000n
export const maxFeePerGas = 30_000_000_000n
export const maxPriorityFeePerGas = 1_000_000_000n
