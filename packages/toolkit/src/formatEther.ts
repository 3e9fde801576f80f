import { formatUnits } from './formatUnits.js'

/** Wei as ether, exactly, without trailing zeros. */
export function formatEther(wei: bigint): string {
  return formatUnits(wei, 18)
}
