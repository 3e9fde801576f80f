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
