import { chains } from './chains.generated.js'

/**
 * The URL of a transaction in a block explorer; undefined if no explorer is
 * known.
 */
export function explorerLink(
  chainId: number,
  hash: string,
): string | undefined {
  const explorer = chains[chainId]?.explorer
  return explorer === undefined ? undefined : `${explorer}/tx/${hash}`
}

/** The symbol of the chain's own currency. */
export function currencyOf(chainId: number): string {
  return chains[chainId]?.currency ?? 'ETH'
}
