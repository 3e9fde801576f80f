import { chains } from './chains.generated.js'

/** Where people look at a transaction; undefined where no explorer is known. */
export function explorerLink(
  chainId: number,
  hash: string,
): string | undefined {
  const explorer = chains[chainId]?.explorer
  return explorer === undefined ? undefined : `${explorer}/tx/${hash}`
}

/** What the chain's own currency is called. */
export function currencyOf(chainId: number): string {
  return chains[chainId]?.currency ?? 'ETH'
}
