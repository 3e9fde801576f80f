import type { KMSClient } from '@aws-sdk/client-kms'
import { BaseError, quote } from '@keyward/core/errors'
import { resolveEndpoint } from '../aws/resolveEndpoint.js'
import { mayBeLocal, type Target } from '../aws/Target.js'
import type { Io } from '../Io.js'

/**
 * Ensures that key material goes only to a safe endpoint. The service that
 * answers GetParametersForImport supplies the wrapping key, so a fake KMS could
 * read the private key. KMS's own TLS endpoints in the client's Region and the
 * local home are allowed. The user must name any other host explicitly.
 *
 * @throws EndpointError, InsecureEndpointError
 */
export async function assertKmsEndpoint(
  io: Io,
  client: KMSClient,
  target: Target,
  typedHost: string | undefined,
): Promise<void> {
  if (target.kind === 'local') return
  const url = await resolveEndpoint(client)
  // Without certificate checks, any host can claim to be KMS.
  if (io.env.NODE_TLS_REJECT_UNAUTHORIZED === '0')
    throw new EndpointError(
      'NODE_TLS_REJECT_UNAUTHORIZED=0 turns off the certificate check.',
      'Without that check, anyone on the network path can impersonate KMS ' +
        'and read the private key. Unset the variable.',
    )
  // This throws for plain http, except on loopback, where the user must also
  // name the host.
  mayBeLocal(url)
  const region = await client.config.region()
  const isOwn =
    url.protocol === 'https:' &&
    isKmsHost(url.host, region, ownHosts(client, region))
  if (isOwn || [url.host, url.hostname].includes(typedHost ?? '')) return
  throw new EndpointError(
    `The endpoint ${quote(url.origin)} is not one of KMS's own.`,
    (typedHost === undefined
      ? ''
      : typedHost === ''
        ? '--endpoint-host is empty. '
        : `--endpoint-host is ${quote(typedHost)}, a different host. `) +
      `The host ${url.host} could read the private key that you import. Unset ` +
      'AWS_ENDPOINT_URL and AWS_ENDPOINT_URL_KMS. If the host forwards ' +
      `requests to KMS and you trust it, pass --endpoint-host ${url.host}`,
  )
}

/**
 * Whether a host is one of KMS's own in a Region: one of `own`, or a VPC
 * endpoint, whose name only AWS can assign.
 *
 * @param host - As in a URL: with the port, unless it is the default.
 */
function isKmsHost(
  host: string,
  region: string,
  own: readonly string[],
): boolean {
  if (own.includes(host)) return true
  const [first = ''] = own
  const prefix = `kms.${region}.`
  if (!first.startsWith(prefix)) return false
  const suffix = first.slice(prefix.length)
  return [`kms.${region}`, `kms-fips.${region}`].some((service) => {
    const end = `.${service}.vpce.${suffix}`
    return (
      host.endsWith(end) &&
      /^vpce-[0-9a-z]+-[0-9a-z]+(-[0-9a-z-]+)?$/.test(
        host.slice(0, -end.length),
      )
    )
  })
}

/**
 * Determines the hosts with the SDK's own rules: the standard host, FIPS,
 * dual-stack, and both.
 */
function ownHosts(client: KMSClient, region: string): string[] {
  const flags = [false, true]
  return flags.flatMap((UseFIPS) =>
    flags.map(
      (UseDualStack) =>
        client.config.endpointProvider({
          Region: region,
          UseFIPS,
          UseDualStack,
        }).url.host,
    ),
  )
}

/** Key material must not be sent to this endpoint. */
export class EndpointError extends BaseError {
  override readonly name = 'EndpointError'

  constructor(shortMessage: string, details: string) {
    super('endpoint-not-kms', shortMessage, { details })
  }
}
