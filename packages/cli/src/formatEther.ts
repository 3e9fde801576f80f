/** Wei as ether, exactly, without trailing zeros. */
export function formatEther(wei: bigint): string {
  const digits = wei.toString().padStart(19, '0')
  const whole = digits.slice(0, -18)
  const fraction = digits.slice(-18).replace(/0+$/, '')
  return fraction === '' ? whole : `${whole}.${fraction}`
}
