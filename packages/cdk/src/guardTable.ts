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
 * What the policy's windows have counted. It stays when the stack goes: without
 * it the same could be spent again.
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
    `existingGuardTable: CloudFormation can't set the resource policy of a table that the stack does not make. Until it names the roles of ${stackName}, they can't count and sign nothing, or others can write there: run keyward ledger protect ${table} --stack ${stackName}.`,
  )
  // aws-cdk-lib is not written for exactOptionalPropertyTypes.
  return dynamodb.TableV2.fromTableName(
    scope,
    'Guard',
    table,
  ) as dynamodb.ITableV2
}

/**
 * No Scan and no DeleteItem: what was counted is never removed. Only who looks
 * after the windows has to list them.
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
