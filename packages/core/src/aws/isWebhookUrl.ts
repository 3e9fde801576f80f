/**
 * Whether a function may post to this URL: https to another machine. A URL of
 * the function's own machine would reach Lambda's runtime API, for example.
 *
 * @param isLocal - Whether this is a local home, whose receiver is on its own
 * machine, and can use http on 127.0.0.1.
 */
export function isWebhookUrl(text: string, isLocal: boolean): boolean {
  if (!/^https?:\/\/[^\s,]+$/.test(text) || !URL.canParse(text)) return false
  const { protocol, hostname } = new URL(text)
  if (protocol === 'https:') return isLocal || !isOwnMachine(hostname)
  return isLocal && hostname === '127.0.0.1'
}

/** @param hostname - As `URL` normalizes it. */
function isOwnMachine(hostname: string): boolean {
  return (
    /^(?:.+\.)?localhost\.?$/.test(hostname) ||
    /^(?:127|0)\.\d+\.\d+\.\d+$/.test(hostname) ||
    // ::, ::1, and addresses of IPv4 in IPv6.
    /^\[::(?:1|(?:ffff:)?(?:7f[\da-f]{2}|0):[\da-f]{1,4})?\]$/.test(hostname)
  )
}
