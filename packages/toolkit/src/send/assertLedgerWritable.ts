import { BaseError } from '@keyward/core/errors'
import { AwsCallError } from '../aws/AwsCallError.js'
import type { AwsConnection } from '../aws/connectAws.js'
import { isDenied } from '../aws/peek.js'
import { isClosedTo, writersIn } from '../ledger/checkTablePolicy.js'
import { connectDynamo, readPolicy, toArn } from '../ledger/LedgerTable.js'

/**
 * Checks whether the caller may write to a ledger's table before anything is
 * signed for it. Reads the table's policy, if allowed, and tries an update
 * whose condition never holds: the error with which DynamoDB refuses it shows
 * whether the caller may write. Calls dynamodb:GetResourcePolicy and
 * dynamodb:UpdateItem.
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
  // If the policy can't be read or the table is missing, the next call reports
  // that.
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
    // The ledger has its own errors for everything else.
    if (!isDenied(error)) return
    const { message = '' } = error as Error
    // AWS says which side denied the call. For IAM, its own message is enough.
    if (!/resource-based policy/.test(message)) throw AwsCallError.from(error)
    throw new LedgerClosedError(table, await connection.callerArn(), undefined)
  }
}

/** The table's policy doesn't allow the caller to write. */
export class LedgerClosedError extends BaseError {
  override readonly name = 'LedgerClosedError'

  /**
   * @param writers - Undefined if the caller isn't allowed to read the policy.
   */
  constructor(
    table: string,
    caller: string,
    writers: readonly string[] | undefined,
  ) {
    super('ledger-closed', `The ledger ${table} is closed to ${caller}.`, {
      details: [
        'Nothing was signed. Anyone who can write to a ledger can make its key sign, so only certain roles and users, its writers, can write to the table.',
        writers === undefined
          ? "To see them, read the table's policy (dynamodb:GetResourcePolicy)."
          : `The writers are: ${writers.join(', ') || 'none'}.`,
        "To send through the stack's function, pass --stack NAME instead of --ledger. An administrator can make your role a writer with keyward deploy --ledger-writer ROLE_ARN, or with keyward ledger protect TABLE --writer ROLE_ARN. To send on another chain, use a separate table.",
      ].join('\n'),
    })
  }
}
