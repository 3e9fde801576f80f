import { ledgerPolicyDocument } from '@keyward/iam/ledger-policy'
import {
  aws_dynamodb as dynamodb,
  aws_iam as iam,
  RemovalPolicy,
} from 'aws-cdk-lib'
import type { Construct } from 'constructs'

const text = (name: string) => ({ name, type: dynamodb.AttributeType.STRING })

/**
 * A table that, like the key, outlives the stack and is protected from
 * deletion. Because it outlives the stack, CloudFormation chooses its name.
 *
 * @param more.indexes - The partition key of each index; all are sorted by
 *   `created`.
 * @param more.keyArn - @default a key owned by DynamoDB
 */
export function createClosedTable(
  scope: Construct,
  id: string,
  more: {
    indexes?: Readonly<Record<string, string>>
    keyArn?: string | undefined
  } = {},
): dynamodb.TableV2 {
  const { indexes = {}, keyArn } = more
  const table = new dynamodb.TableV2(scope, id, {
    partitionKey: text('pk'),
    sortKey: text('sk'),
    globalSecondaryIndexes: Object.entries(indexes).map(
      ([indexName, partitionKey]) => ({
        indexName,
        partitionKey: text(partitionKey),
        sortKey: text('created'),
        projectionType: dynamodb.ProjectionType.KEYS_ONLY,
      }),
    ),
    billing: dynamodb.Billing.onDemand(),
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
  })
  if (keyArn !== undefined) {
    // Set on the resource, because the construct would need to know the Region.
    const resource = table.node.defaultChild as dynamodb.CfnGlobalTable
    resource.sseSpecification = { sseEnabled: true, sseType: 'KMS' }
    resource.addPropertyOverride('Replicas.0.SSESpecification', {
      KMSMasterKeyId: keyArn,
    })
  }
  return table
}

/** Lets only these principals write items, and nobody delete them. */
export function close(
  table: dynamodb.TableV2,
  writers: readonly string[],
): void {
  const { Statement } = ledgerPolicyDocument({ writers })
  for (const statement of Statement)
    table.addToResourcePolicy(iam.PolicyStatement.fromJson(statement))
}
