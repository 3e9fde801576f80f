import { formatUnits } from './formatUnits.js'

/** Formats wei as ether, exactly and without trailing zeros. */
export function formatEther(wei: bigint): string {
  return formatUnits(wei, 18)
}
