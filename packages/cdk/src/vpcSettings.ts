import { type aws_ec2 as ec2, Token } from 'aws-cdk-lib'
import { assertNetworkId } from './environment.js'

/** Where in a network the functions run. */
export interface VpcSettings {
  /**
   * Subnets to run in, of one VPC; two, of two zones, so that one may fail.
   * Needs `securityGroupIds`, and in the VPC a way to all that the functions
   * call: docs/guides/network.md.
   *
   * @default - none: the functions run in Lambda's own network
   */
  readonly subnetIds?: readonly string[]
  /**
   * Security groups of the functions. They need no way in; out they need TLS.
   *
   * @default - none; required with subnetIds
   */
  readonly securityGroupIds?: readonly string[]
  /**
   * Network to run in, as a construct, instead of the two above.
   *
   * @default - none
   */
  readonly vpc?: ec2.IVpc
  /**
   * The functions may sign through this VPC endpoint of KMS only. They have to
   * run in a network.
   *
   * @default - no condition
   */
  readonly kmsVpcEndpointId?: string
}

/**
 * Checks what is said of the network.
 *
 * @returns Undefined where nothing is said.
 * @throws Error
 */
export function readVpc({
  subnetIds = [],
  securityGroupIds = [],
  vpc,
  kmsVpcEndpointId,
}: VpcSettings):
  | { subnetIds: string[]; securityGroupIds: string[] }
  | undefined {
  for (const [name, ids] of [
    ['subnetIds', subnetIds],
    ['securityGroupIds', securityGroupIds],
    [
      'kmsVpcEndpointId',
      kmsVpcEndpointId === undefined ? [] : [kmsVpcEndpointId],
    ],
  ] as const)
    for (const id of ids) if (!Token.isUnresolved(id)) assertNetworkId(name, id)
  const given = subnetIds.length + securityGroupIds.length > 0
  if (given && vpc !== undefined)
    throw new Error(
      'vpc: subnetIds and securityGroupIds say the same. Leave one of them out.',
    )
  if (given && (subnetIds.length === 0 || securityGroupIds.length === 0))
    throw new Error(
      `subnetIds and securityGroupIds belong together: ${subnetIds.length === 0 ? 'subnetIds' : 'securityGroupIds'} is missing.`,
    )
  if (subnetIds.length > 16 || securityGroupIds.length > 5)
    throw new Error(
      'subnetIds, securityGroupIds: Lambda takes up to 16 subnets and 5 security groups.',
    )
  if (kmsVpcEndpointId !== undefined && !given && vpc === undefined)
    throw new Error(
      'kmsVpcEndpointId: functions outside a network reach KMS through no VPC endpoint, and could sign nothing. Give subnetIds and securityGroupIds of the VPC that has the endpoint, or leave it out.',
    )
  return given
    ? { subnetIds: [...subnetIds], securityGroupIds: [...securityGroupIds] }
    : undefined
}
