import { isIP } from 'node:net'
import { BaseError } from '@keyward/core'
import { quote } from '../errors/maskSecrets.js'

/** Where a command's AWS calls go. */
export type Target =
  | { kind: 'local'; endpoint: string }
  | {
      kind: 'aws'
      account: string
      region: string
      /** Only when it isn't the Region's own, e.g. a VPC endpoint. */
      endpoint?: string
    }

/**
 * Whether an endpoint is the local home, which is reached by plain http on
 * loopback. Anything by https counts as AWS, on loopback too: it may be a
 * tunnel, and there the user is asked.
 *
 * @throws InsecureEndpointError for plain http to another machine.
 */
export function isLocalEndpoint(endpoint: URL): boolean {
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
        'Plain http is accepted on loopback only (127.0.0.1, localhost, ' +
        '[::1]), where the local home is. Use https, or unset ' +
        'AWS_ENDPOINT_URL and AWS_ENDPOINT_URL_KMS.',
    })
  }
}
