import { type aws_ec2 as ec2, Token } from 'aws-cdk-lib'
import { assertNetworkId } from './environment.js'

/** The network that the functions run in. */
export interface VpcSettings {
  /**
   * Subnets to run in, all in one VPC. Use two, in different zones, in case one
   * fails. Needs `securityGroupIds`, and routes in the VPC to everything that
   * the functions call; see docs/guides/network.md.
   *
   * @default - none; the functions run in Lambda's own network
   */
  readonly subnetIds?: readonly string[]
  /**
   * Security groups of the functions. They need no inbound access, and outbound
   * TLS.
   *
   * @default - none; required with subnetIds
   */
  readonly securityGroupIds?: readonly string[]
  /**
   * The network as a construct, instead of the two above.
   *
   * @default - none
   */
  readonly vpc?: ec2.IVpc
  /**
   * KMS VPC endpoint through which the functions must sign. Requires a network.
   *
   * @default - no condition
   */
  readonly kmsVpcEndpointId?: string
}

/**
 * Checks the network settings.
 *
 * @returns Undefined if there are none.
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
      "vpc: can't be combined with subnetIds and securityGroupIds. Leave " +
        'out either vpc or the other two.',
    )
  if (given && (subnetIds.length === 0 || securityGroupIds.length === 0))
    throw new Error(
      `subnetIds and securityGroupIds belong together: ${subnetIds.length === 0 ? 'subnetIds' : 'securityGroupIds'} is missing.`,
    )
  if (subnetIds.length > 16 || securityGroupIds.length > 5)
    throw new Error(
      'subnetIds, securityGroupIds: use at most 16 subnets and 5 security ' +
        'groups.',
    )
  if (kmsVpcEndpointId !== undefined && !given && vpc === undefined)
    throw new Error(
      "kmsVpcEndpointId: functions outside a VPC can't use a VPC endpoint, " +
        "so they couldn't sign. Set subnetIds and securityGroupIds to those of the " +
        "endpoint's VPC, or leave kmsVpcEndpointId out.",
    )
  return given
    ? { subnetIds: [...subnetIds], securityGroupIds: [...securityGroupIds] }
    : undefined
}
