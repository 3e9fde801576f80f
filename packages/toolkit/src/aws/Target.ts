import { isIP } from 'node:net'
import { BaseError, quote } from '@keyward/core/errors'

/** Where a command sends its AWS calls. */
export type Target =
  /** A local home that has proved its identity. */
  | { kind: 'local'; endpoint: string }
  | {
      kind: 'aws'
      account: string
      region: string
      /**
       * Set only for an endpoint that is not the Region's own, such as a VPC
       * endpoint or a tunnel.
       */
      endpoint?: string
    }

/**
 * Whether an endpoint may be the local home, which uses plain http on loopback
 * and must then prove its identity ({@link findHome}). Any https endpoint
 * counts as AWS, even on loopback, because it may be a tunnel, so the user is
 * asked to confirm.
 *
 * @throws InsecureEndpointError for plain http to another machine
 */
export function mayBeLocal(endpoint: URL): boolean {
  if (endpoint.protocol === 'https:') return false
  if (endpoint.protocol === 'http:' && isLoopback(endpoint.hostname))
    return true
  throw new InsecureEndpointError(endpoint)
}

/** `AWS account <account> (<region>)` or `local home <url>`. */
export function format(target: Target): string {
  if (target.kind === 'local') return `local home ${target.endpoint}`
  const by = target.endpoint === undefined ? '' : ` through ${target.endpoint}`
  return `AWS account ${target.account} (${target.region})${by}`
}

/** The target in a sentence, after "in" or "for". */
export function inSentence(target: Target): string {
  return target.kind === 'local'
    ? `the local home at ${target.endpoint}`
    : format(target)
}

function isLoopback(hostname: string): boolean {
  if (hostname === 'localhost' || hostname === '[::1]') return true
  return isIP(hostname) === 4 && hostname.startsWith('127.')
}

export class InsecureEndpointError extends BaseError {
  override readonly name = 'InsecureEndpointError'

  constructor(endpoint: URL) {
    const shown = quote(`${endpoint.protocol}//${endpoint.host}`)
    super('insecure-endpoint', `The AWS endpoint ${shown} is not allowed.`, {
      details:
        'Plain http is accepted only on loopback (127.0.0.1, localhost, ' +
        '[::1]), for the local home. Use https, or unset AWS_ENDPOINT_URL ' +
        'and AWS_ENDPOINT_URL_KMS.',
    })
  }
}
