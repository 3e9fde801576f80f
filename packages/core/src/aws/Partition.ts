/** A part of AWS with Regions, accounts and names of its own. */
export type Partition = {
  /** As ARNs have it. */
  id: string
  dnsSuffix: string
  dualStackDnsSuffix: string
}

/** By how the names of their Regions begin; the last one has all others. */
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
 * The Regions where a service has hosts for FIPS, as AWS's table of endpoints
 * (botocore 1.43) has them. KMS has them almost everywhere, so a Region that
 * is newer than the table is taken to have one; the others have to be named.
 */
const fipsRegions: Readonly<Record<string, RegExp>> = {
  dynamodb: /^(?:us|ca)-(?!iso)/,
  kms: /^(?!cn-|eusc-|us-isob-west-|ap-east-2$|ap-southeast-6$)/,
  secretsmanager: /^(?:(?:us|ca)-(?!iso)|us-iso-|us-isob-east-)/,
  ssm: /^(?:us|ca)-(?!iso)/,
}

/** Whether a service that the functions call has a host for FIPS there. */
export function hasFips(service: string, region: string): boolean {
  return fipsRegions[service]?.test(region) ?? false
}

/** In GovCloud these have no other hosts for FIPS: the usual ones are it. */
const alwaysFips = ['dynamodb', 'ssm']

/** What a service's host in a Region begins with. */
export function hostPrefix(
  service: string,
  region: string,
  isFips: boolean,
): string {
  const isAlways = region.startsWith('us-gov-') && alwaysFips.includes(service)
  return isFips && !isAlways ? `${service}-fips` : service
}
