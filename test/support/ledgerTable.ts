import { sendHttp } from './sendHttp.js'
import { type SigningCredentials, signRequest } from './signRequest.js'

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
export async function callDynamo(
  home: { endpoint: string; credentials: SigningCredentials },
  operation: string,
  input: object,
): Promise<Record<string, unknown>> {
  const body = JSON.stringify(input)
  const headers = signRequest({
    credentials: home.credentials,
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      host: new URL(home.endpoint).host,
      'x-amz-target': `DynamoDB_20120810.${operation}`,
    },
    body,
    region: 'us-east-1',
    service: 'dynamodb',
    now: Date.now(),
  })
  const answer = await sendHttp(`${home.endpoint}/`, { headers, body })
  if (answer.status !== 200) throw new Error(`${operation}: ${answer.body}`)
  return JSON.parse(answer.body)
}
