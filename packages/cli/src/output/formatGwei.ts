/** Wei for a unit of gas, in gwei with all its digits. */
export function formatGwei(wei: bigint): string {
  const rest = String(wei % 10n ** 9n).padStart(9, '0')
  return `${wei / 10n ** 9n}.${rest}`.replace(/\.?0+$/, '')
}
