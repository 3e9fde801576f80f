import { aws_managedblockchain as managedblockchain } from 'aws-cdk-lib'
import { Construct } from 'constructs'

/** Properties of {@link ManagedBlockchainAccess}. */
export interface ManagedBlockchainAccessProps {
  /**
   * Also runs an Ethereum mainnet node of this instance type. AWS bills it by
   * the hour.
   *
   * @default - no node, only an accessor
   */
  readonly nodeInstanceType?: string
  /**
   * Availability Zone of the node.
   *
   * @default - chosen by AWS
   */
  readonly availabilityZone?: string
}

/**
 * Access to Amazon Managed Blockchain for Ethereum, for accounts that already
 * have it: AWS has taken no new customers since 29 October 2026 and ends the
 * service on 29 September 2027. For anything permanent, use another RPC
 * provider.
 */
export class ManagedBlockchainAccess extends Construct {
  /** The accessor; its billing token is a secret. */
  readonly accessor: managedblockchain.CfnAccessor
  /** The node, if you asked for one. */
  readonly ethereumNode: managedblockchain.CfnNode | undefined

  constructor(
    scope: Construct,
    id: string,
    props: ManagedBlockchainAccessProps = {},
  ) {
    super(scope, id)
    this.accessor = new managedblockchain.CfnAccessor(this, 'Accessor', {
      accessorType: 'BILLING_TOKEN',
      networkType: 'ETHEREUM_MAINNET',
    })
    const { nodeInstanceType: instanceType, availabilityZone } = props
    this.ethereumNode =
      instanceType === undefined
        ? undefined
        : new managedblockchain.CfnNode(this, 'Node', {
            networkId: 'n-ethereum-mainnet',
            nodeConfiguration: {
              instanceType,
              ...(availabilityZone !== undefined && { availabilityZone }),
            } as managedblockchain.CfnNode.NodeConfigurationProperty,
          })
  }
}
