import { aws_managedblockchain as managedblockchain } from 'aws-cdk-lib'
import { Construct } from 'constructs'

/** Properties of {@link ManagedBlockchainAccess}. */
export interface ManagedBlockchainAccessProps {
  /**
   * Also runs a node of Ethereum mainnet, of this instance type. It is billed
   * by the hour.
   *
   * @default - no node, only an accessor
   */
  readonly nodeInstanceType?: string
  /**
   * Zone of the node.
   *
   * @default - chosen by AWS
   */
  readonly availabilityZone?: string
}

/**
 * Access to Amazon Managed Blockchain for Ethereum, for accounts that have it
 * already: AWS takes no new customers since 29 October 2026 and ends the
 * service on 29 September 2027. Use any other RPC for what should last.
 */
export class ManagedBlockchainAccess extends Construct {
  /** The accessor; its billing token is a secret. */
  readonly accessor: managedblockchain.CfnAccessor
  /** The node, where one was asked for. */
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
