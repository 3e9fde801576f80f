import type { AwsErrors, AwsService } from './AwsService.js'
import * as Partition from './Partition.js'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * A service's endpoint, chosen as the AWS SDKs do: AWS_ENDPOINT_URL_<SERVICE>,
 * AWS_ENDPOINT_URL, or else the Region's host, with FIPS if
 * AWS_USE_FIPS_ENDPOINT is set.
 *
 * @throws the error that `errors.configuration` creates, for plain http to
 * another machine
 */
export function resolveEndpoint(
  service: Pick<AwsService, 'name' | 'title'> & {
    errors: Pick<AwsErrors, 'configuration'>
  },
  region: string,
  environment: Environment,
  given?: string,
): URL {
  const { name, title, errors } = service
  const ignore = environment.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS === 'true'
  const configured = ignore
    ? undefined
    : environment[`AWS_ENDPOINT_URL_${name.toUpperCase()}`] ||
      environment.AWS_ENDPOINT_URL
  if (
    given === undefined &&
    !configured &&
    environment.AWS_USE_DUALSTACK_ENDPOINT?.toLowerCase() === 'true'
  )
    throw errors.configuration(
      `AWS_USE_DUALSTACK_ENDPOINT is set, but this client has no dual-stack endpoints; set AWS_ENDPOINT_URL_${name.toUpperCase()} to the dual-stack endpoint of ${title}`,
    )
  const text = given ?? (configured || regional(name, region, environment))
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw errors.configuration(`the ${title} endpoint is not an http(s) URL`)
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    throw errors.configuration(
      `the ${title} endpoint ${url.origin} uses plain http, which is accepted only on loopback; use https`,
    )
  // The request signature doesn't cover these parts, or they would be sent in
  // clear text.
  if (url.pathname !== '/' || url.search || url.hash || url.username)
    throw errors.configuration(
      `the ${title} endpoint ${url.origin} must not have a path, query, fragment or user`,
    )
  return url
}

function regional(
  name: string,
  region: string,
  environment: Environment,
): string {
  const isFips = environment.AWS_USE_FIPS_ENDPOINT?.toLowerCase() === 'true'
  const { dnsSuffix } = Partition.ofRegion(region)
  return `https://${Partition.hostPrefix(name, region, isFips)}.${region}.${dnsSuffix}`
}

/** Whether a host is this machine, in the form `URL.hostname` uses. */
export function isLoopback(host: string): boolean {
  return (
    host === 'localhost' ||
    host === '[::1]' ||
    /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)
  )
}
