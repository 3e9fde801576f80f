import { isIP } from 'node:net'
import { BaseError, quote } from '@keyward/core/errors'

/** Where a command's AWS calls go. */
export type Target =
  /** A home that has proved itself. */
  | { kind: 'local'; endpoint: string }
  | {
      kind: 'aws'
      account: string
      region: string
      /** Only when it isn't the Region's own: a VPC endpoint, a tunnel. */
      endpoint?: string
    }

/**
 * Whether the local home may be at an endpoint: plain http on loopback. Whether
 * it is, it has to prove ({@link findHome}). Anything by https counts as AWS,
 * on loopback too: it may be a tunnel, and there the user is asked.
 *
 * @throws InsecureEndpointError for plain http to another machine.
 */
export function mayBeLocal(endpoint: URL): boolean {
  if (endpoint.protocol === 'https:') return false
  if (endpoint.protocol === 'http:' && isLoopback(endpoint.hostname))
    return true
  throw new InsecureEndpointError(endpoint)
}

/** `AWS <account> <region>` or `local home <url>`. */
export function format(target: Target): string {
  if (target.kind === 'local') return `local home ${target.endpoint}`
  const by = target.endpoint === undefined ? '' : ` by ${target.endpoint}`
  return `AWS ${target.account} ${target.region}${by}`
}

function isLoopback(hostname: string): boolean {
  if (hostname === 'localhost' || hostname === '[::1]') return true
  return isIP(hostname) === 4 && hostname.startsWith('127.')
}

export class InsecureEndpointError extends BaseError {
  override readonly name = 'InsecureEndpointError'

  constructor(endpoint: URL) {
    const shown = quote(`${endpoint.protocol}//${endpoint.host}`)
    super('insecure-endpoint', `The AWS endpoint ${shown} is refused.`, {
      details:
        'Plain http is accepted only on loopback (127.0.0.1, localhost, ' +
        '[::1]), for the local home. Use https, or unset AWS_ENDPOINT_URL ' +
        'and AWS_ENDPOINT_URL_KMS.',
    })
  }
}
