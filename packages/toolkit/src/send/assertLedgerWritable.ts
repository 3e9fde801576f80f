import { BaseError } from '@keyward/core/errors'
import { AwsCallError } from '../aws/AwsCallError.js'
import type { AwsConnection } from '../aws/connectAws.js'
import { isDenied } from '../aws/peek.js'
import { isClosedTo, writersIn } from '../ledger/checkTablePolicy.js'
import { connectDynamo, readPolicy, toArn } from '../ledger/LedgerTable.js'

/**
 * Finds out whether the caller may write to a ledger's table, before anything
 * is signed for it: by the table's policy, if that may be read, and by an
 * update whose condition never holds, which DynamoDB refuses in one way to
 * those who may write and in another to those who may not. Calls
 * dynamodb:GetResourcePolicy and dynamodb:UpdateItem.
 *
 * @throws LedgerClosedError, AwsCallError
 */
export async function assertLedgerWritable(
  connection: AwsConnection,
  table: string,
): Promise<void> {
  const sdk = await import('@aws-sdk/client-dynamodb')
  const client = await connectDynamo(connection)
  const arn = toArn(connection, table)
  // Who may not read it, or has no such table, is told by what comes next.
  const policy = await readPolicy(client, arn).catch(() => undefined)
  if (policy !== undefined) {
    const caller = await connection.callerArn()
    if (isClosedTo(policy.text, arn, caller))
      throw new LedgerClosedError(table, caller, writersIn(policy.text))
  }
  try {
    await client.send(
      new sdk.UpdateItemCommand({
        TableName: table,
        Key: { pk: { S: 'keyward' }, sk: { S: 'may write' } },
        UpdateExpression: 'SET v = :v',
        ConditionExpression:
          'attribute_exists(pk) AND attribute_not_exists(pk)',
        ExpressionAttributeValues: { ':v': { N: '2' } },
      }),
    )
  } catch (error) {
    // Of all else the ledger has errors of its own.
    if (!isDenied(error)) return
    const { message = '' } = error as Error
    // AWS tells which side denied it. Of IAM its own words say enough.
    if (!/resource-based policy/.test(message)) throw AwsCallError.from(error)
    throw new LedgerClosedError(table, await connection.callerArn(), undefined)
  }
}

/** The table's policy does not let the caller write. */
export class LedgerClosedError extends BaseError {
  override readonly name = 'LedgerClosedError'

  /** @param writers - Undefined where the policy may not be read. */
  constructor(
    table: string,
    caller: string,
    writers: readonly string[] | undefined,
  ) {
    super('ledger-closed', `The ledger ${table} is closed to ${caller}.`, {
      details: [
        'Nothing was signed. Anyone who can write to a ledger can make its key sign, so only its writers can write to the table.',
        writers === undefined
          ? "The table's policy lists them (dynamodb:GetResourcePolicy)."
          : `The writers are: ${writers.join(', ') || 'nobody'}.`,
        "Send through the stack's function (--stack NAME instead of --ledger). Or make your role a writer: keyward deploy --ledger-writer ROLE_ARN, or keyward ledger protect TABLE --writer ROLE_ARN. For another chain, use a separate table.",
      ].join('\n'),
    })
  }
}
