import { KmsConfigurationError } from './errors.js'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The KMS endpoint as the AWS SDKs choose it: AWS_ENDPOINT_URL_KMS,
 * AWS_ENDPOINT_URL, else the Region's, with FIPS (AWS_USE_FIPS_ENDPOINT).
 *
 * @throws KmsConfigurationError for plain http to another machine
 */
export function resolveEndpoint(
  region: string,
  environment: Environment,
  given?: string,
): URL {
  const ignore = environment.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS === 'true'
  const configured = ignore
    ? undefined
    : environment.AWS_ENDPOINT_URL_KMS || environment.AWS_ENDPOINT_URL
  const text = given ?? (configured || regional(region, environment))
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new KmsConfigurationError('the KMS endpoint is no http(s) URL')
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    throw new KmsConfigurationError(
      `the KMS endpoint ${url.origin} is plain http; that is accepted on loopback only`,
    )
  // What the requests' signature does not cover, or would go out in clear.
  if (url.pathname !== '/' || url.search || url.hash || url.username)
    throw new KmsConfigurationError(
      `the KMS endpoint ${url.origin} must be a bare origin, without path, query or user`,
    )
  return url
}

function regional(region: string, environment: Environment): string {
  const fips = environment.AWS_USE_FIPS_ENDPOINT?.toLowerCase() === 'true'
  return `https://kms${fips ? '-fips' : ''}.${region}.${suffix(region)}`
}

/** DNS suffixes of AWS's partitions. */
function suffix(region: string): string {
  if (region.startsWith('cn-')) return 'amazonaws.com.cn'
  if (region.startsWith('us-iso-')) return 'c2s.ic.gov'
  if (region.startsWith('us-isob-')) return 'sc2s.sgov.gov'
  if (region.startsWith('eu-isoe-')) return 'cloud.adc-e.uk'
  if (region.startsWith('us-isof-')) return 'csp.hci.ic.gov'
  if (region.startsWith('eusc-')) return 'amazonaws.eu'
  return 'amazonaws.com'
}

function isLoopback(host: string): boolean {
  return (
    host === 'localhost' ||
    host === '[::1]' ||
    /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)
  )
}
