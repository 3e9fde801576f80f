import {
  Annotations,
  aws_dynamodb as dynamodb,
  aws_iam as iam,
} from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { createClosedTable } from './closedTable.js'
import { useTableKey } from './customerKeys.js'
import { assertCustomerKey, assertTableName } from './environment.js'
import type { FunctionKind } from './functionCode.js'

/**
 * The table that counts the policy's windows. It outlives the stack, because
 * without it, the same amounts could be spent again.
 */
export function createGuardTable(
  scope: Construct,
  stackName: string,
  existing: string | undefined,
  keyArn: string | undefined,
): dynamodb.ITableV2 {
  if (keyArn !== undefined) assertCustomerKey('guardKeyArn', keyArn)
  if (existing === undefined)
    return createClosedTable(scope, 'Guard', { keyArn }) as dynamodb.ITableV2
  const table = assertTableName('existingGuardTable', existing)
  Annotations.of(scope).addWarningV2(
    'keyward:guardPolicy',
    `existingGuardTable: CloudFormation can't set the resource policy of a table that the stack doesn't create. Until that policy names the roles of ${stackName}, either these roles can't count and won't sign, or others can write to the table. Run keyward ledger protect ${table} --stack ${stackName}.`,
  )
  // aws-cdk-lib's types don't support exactOptionalPropertyTypes.
  return dynamodb.TableV2.fromTableName(
    scope,
    'Guard',
    table,
  ) as dynamodb.ITableV2
}

/**
 * Allows neither Scan nor DeleteItem, because counts are never removed. Only
 * the function that maintains the windows needs to list them.
 */
export function countWindows(
  { tableArn }: dynamodb.ITableV2,
  kind: FunctionKind,
  keyArn: string | undefined,
): iam.PolicyStatement[] {
  const lists = kind.endsWith('reconciler') ? ['Query'] : []
  return [
    new iam.PolicyStatement({
      sid: 'CountWindows',
      actions: ['GetItem', 'PutItem', ...lists, 'UpdateItem'].map(
        (name) => `dynamodb:${name}`,
      ),
      resources: [tableArn],
    }),
    ...useTableKey('UseGuardKey', keyArn),
  ]
}
