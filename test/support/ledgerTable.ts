import { callAws } from './callAws.js'
import type { SigningCredentials } from './signRequest.js'

const key = (hash: string, range: string) => [
  { AttributeName: hash, KeyType: 'HASH' },
  { AttributeName: range, KeyType: 'RANGE' },
]

/** The ledger's table as docs/ledger.md has it. */
export const ledgerTable = (TableName: string) => ({
  TableName,
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: ['pk', 'sk', 'open', 'created', 'callerOf'].map(
    (AttributeName) => ({ AttributeName, AttributeType: 'S' }),
  ),
  KeySchema: key('pk', 'sk'),
  GlobalSecondaryIndexes: [
    { IndexName: 'open', KeySchema: key('open', 'created') },
    { IndexName: 'caller', KeySchema: key('callerOf', 'created') },
  ].map((index) => ({ ...index, Projection: { ProjectionType: 'KEYS_ONLY' } })),
})

/** One call to DynamoDB, which must succeed. */
export const callDynamo = (
  home: { endpoint: string; credentials: SigningCredentials },
  operation: string,
  input: object,
): Promise<Record<string, unknown>> =>
  callAws(home, ['dynamodb', `DynamoDB_20120810.${operation}`], input)
