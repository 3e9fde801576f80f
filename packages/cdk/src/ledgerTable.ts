import { ledgerPolicyDocument } from '@keyward/iam/ledger-policy'
import {
  Annotations,
  aws_dynamodb as dynamodb,
  aws_iam as iam,
  RemovalPolicy,
} from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { assertTableName } from './environment.js'

/**
 * The table as docs/ledger.md describes it. It stays when the stack goes, like
 * the key: what it knows is what keeps a request from being paid twice. So its
 * name is CloudFormation's to choose.
 */
export function createLedger(
  scope: Construct,
  keyArn: string | undefined,
): dynamodb.TableV2 {
  const text = (name: string) => ({
    name,
    type: dynamodb.AttributeType.STRING,
  })
  const table = new dynamodb.TableV2(scope, 'Ledger', {
    partitionKey: text('pk'),
    sortKey: text('sk'),
    globalSecondaryIndexes: [
      {
        indexName: 'open',
        partitionKey: text('open'),
        sortKey: text('created'),
        projectionType: dynamodb.ProjectionType.KEYS_ONLY,
      },
      {
        indexName: 'caller',
        partitionKey: text('callerOf'),
        sortKey: text('created'),
        projectionType: dynamodb.ProjectionType.KEYS_ONLY,
      },
    ],
    billing: dynamodb.Billing.onDemand(),
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
  })
  if (keyArn !== undefined) {
    // The construct wants to know the Region for that.
    const resource = table.node.defaultChild as dynamodb.CfnGlobalTable
    resource.sseSpecification = { sseEnabled: true, sseType: 'KMS' }
    resource.addPropertyOverride('Replicas.0.SSESpecification', {
      KMSMasterKeyId: keyArn,
    })
  }
  return table
}

/** A table that was there before: its policy is not CloudFormation's to set. */
export function findLedger(
  scope: Construct,
  name: string,
  existing: string,
): dynamodb.ITable {
  const table = assertTableName(existing)
  Annotations.of(scope).addWarningV2(
    'keyward:ledgerPolicy',
    `existingLedgerTable: CloudFormation can't set the resource policy of a table that the stack does not make. Until the table has one, whoever may write to it by IAM can have the key sign payments. keyward deploy sets it; after cdk deploy, run keyward ledger protect ${table} --stack ${name}.`,
  )
  return dynamodb.TableV2.fromTableName(scope, 'Ledger', table)
}

/** Whoever writes a row has the key sign, so the table is closed like the key. */
export function close(
  table: dynamodb.TableV2,
  writers: readonly string[],
): void {
  const { Statement } = ledgerPolicyDocument({ writers })
  for (const statement of Statement)
    table.addToResourcePolicy(iam.PolicyStatement.fromJson(statement))
}

/** No Scan and no DeleteItem: nothing in the ledger is ever removed. */
export function keepLedger({
  tableArn,
}: dynamodb.ITableV2): iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({
      sid: 'ReadLedger',
      actions: ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'],
      resources: [
        tableArn,
        ...['open', 'caller'].map((index) => `${tableArn}/index/${index}`),
      ],
    }),
    new iam.PolicyStatement({
      sid: 'WriteLedger',
      actions: ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
      resources: [tableArn],
    }),
  ]
}
