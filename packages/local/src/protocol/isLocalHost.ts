const local = /^(127\.0\.0\.1|localhost|\[::1\])(:[0-9]{1,5})?$/i

/**
 * Whether a Host header names this machine. A web page can make a browser send
 * requests to loopback under its own host name (DNS rebinding). The Host header
 * reveals such requests.
 */
export function isLocalHost(host: string | undefined): boolean {
  return host !== undefined && local.test(host)
}
