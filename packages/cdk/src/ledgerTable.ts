import {
  Annotations,
  aws_dynamodb as dynamodb,
  aws_iam as iam,
} from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { createClosedTable } from './closedTable.js'
import { assertTableName } from './environment.js'

/**
 * The table that docs/ledger.md describes. Its records prevent a request from
 * being paid twice.
 */
export function createLedger(
  scope: Construct,
  keyArn: string | undefined,
): dynamodb.TableV2 {
  return createClosedTable(scope, 'Ledger', {
    indexes: { open: 'open', caller: 'callerOf' },
    keyArn,
  })
}

/** An existing table, whose policy CloudFormation can't set. */
export function findLedger(
  scope: Construct,
  name: string,
  existing: string,
): dynamodb.ITable {
  const table = assertTableName('existingLedgerTable', existing)
  Annotations.of(scope).addWarningV2(
    'keyward:ledgerPolicy',
    `existingLedgerTable: CloudFormation can't set the resource policy of a table that the stack doesn't create. Until the table has such a policy, anybody whom IAM allows to write to the table can make the key sign payments. keyward deploy sets the policy; after cdk deploy, run keyward ledger protect ${table} --stack ${name}.`,
  )
  return dynamodb.TableV2.fromTableName(scope, 'Ledger', table)
}

/**
 * Allows neither Scan nor DeleteItem, because nothing in the ledger is ever
 * removed.
 */
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
