/** A part of AWS with its own Regions, accounts and names. */
export type Partition = {
  /** As in ARNs. */
  id: string
  dnsSuffix: string
  dualStackDnsSuffix: string
}

/** Matched by Region name prefix; the last entry matches everything else. */
const partitions: readonly [string, string, string, string][] = [
  ['cn-', 'aws-cn', 'amazonaws.com.cn', 'api.amazonwebservices.com.cn'],
  ['us-gov-', 'aws-us-gov', 'amazonaws.com', 'api.aws'],
  ['us-iso-', 'aws-iso', 'c2s.ic.gov', 'api.aws.ic.gov'],
  ['us-isob-', 'aws-iso-b', 'sc2s.sgov.gov', 'api.aws.scloud'],
  ['eu-isoe-', 'aws-iso-e', 'cloud.adc-e.uk', 'api.cloud-aws.adc-e.uk'],
  ['us-isof-', 'aws-iso-f', 'csp.hci.ic.gov', 'api.aws.hci.ic.gov'],
  ['eusc-', 'aws-eusc', 'amazonaws.eu', 'api.amazonwebservices.eu'],
  ['', 'aws', 'amazonaws.com', 'api.aws'],
]

/** The partition that a Region is in. */
export function ofRegion(region: string): Partition {
  const [, id = '', dnsSuffix = '', dualStackDnsSuffix = ''] =
    partitions.find(([prefix]) => region.startsWith(prefix)) ?? []
  return { id, dnsSuffix, dualStackDnsSuffix }
}

/**
 * The Regions where a service has FIPS hosts, from AWS's endpoint table
 * (botocore 1.43). KMS has them almost everywhere, so an unlisted Region is
 * assumed to have one; for other services, only the listed Regions have one.
 */
const fipsRegions: Readonly<Record<string, RegExp>> = {
  dynamodb: /^(?:us|ca)-(?!iso)/,
  kms: /^(?!cn-|eusc-|us-isob-west-|ap-east-2$|ap-southeast-6$)/,
  secretsmanager: /^(?:(?:us|ca)-(?!iso)|us-iso-|us-isob-east-)/,
  ssm: /^(?:us|ca)-(?!iso)/,
}

/** Whether a service that the functions call has a FIPS host in the Region. */
export function hasFips(service: string, region: string): boolean {
  return fipsRegions[service]?.test(region) ?? false
}

/** In GovCloud, the usual hosts of these services are the FIPS hosts. */
const alwaysFips = ['dynamodb', 'ssm']

/** The first part of a service's host name in a Region. */
export function hostPrefix(
  service: string,
  region: string,
  isFips: boolean,
): string {
  const isAlways = region.startsWith('us-gov-') && alwaysFips.includes(service)
  return isFips && !isAlways ? `${service}-fips` : service
}
