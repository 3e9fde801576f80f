import { createAwsClient, dynamoDb } from '@keyward/core/aws'

/**
 * Makes a table of the ledger's form.
 *
 * @param indexes - Each by its partition key; all are sorted by `created`.
 */
export async function createTable(dynamo, tableName, indexes = {}) {
  const key = (hash, range) => [
    { AttributeName: hash, KeyType: 'HASH' },
    { AttributeName: range, KeyType: 'RANGE' },
  ]
  const all = Object.entries(indexes).map(([IndexName, hash]) => ({
    IndexName,
    KeySchema: key(hash, 'created'),
    Projection: { ProjectionType: 'KEYS_ONLY' },
  }))
  const names = ['pk', 'sk']
  if (all.length > 0) names.push('created', ...Object.values(indexes))
  await createClient(dynamo).call('CreateTable', {
    TableName: tableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: names.map((AttributeName) => ({
      ...{ AttributeName, AttributeType: 'S' },
    })),
    KeySchema: key('pk', 'sk'),
    ...(all.length > 0 && { GlobalSecondaryIndexes: all }),
  })
}

function createClient(dynamo) {
  const fail = (...parts) => new Error(parts.map(String).join(' '))
  const service = dynamoDb({
    refused: (operation, { awsCode }) => fail(operation, awsCode),
    ...{ unreachable: fail, timeout: fail, damaged: fail },
    configuration: fail,
  })
  return createAwsClient(service, dynamo)
}
