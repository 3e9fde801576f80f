/** Who writes items of a ledger's table. */
export type LedgerWriters = {
  /** ARNs of IAM roles or users. At least one. */
  writers: readonly string[]
  /**
   * ARN of the account's service-linked role for DynamoDB's replication, where
   * the table has replicas; see {@link isReplicationRole}. Without one, nobody
   * can add a replica: DynamoDB then fails to copy items.
   */
  replicationRole?: string | undefined
}

/** A table's resource policy as JSON. A list of one is written as its value. */
export type LedgerPolicyDocument = {
  Version: '2012-10-17'
  Statement: LedgerPolicyStatement[]
}

export type LedgerPolicyStatement = {
  Sid: string
  Effect: 'Deny'
  Principal: { AWS: '*' }
  Action: string[]
  Resource: '*'
  Condition?: { ArnNotEquals: { 'aws:PrincipalArn': string | string[] } }
}

/**
 * All that makes or changes an item. Transactions need the permissions of the
 * operations in them, and batches have one of their own.
 */
export const itemWrites = [
  'dynamodb:BatchWriteItem',
  'dynamodb:PartiQLInsert',
  'dynamodb:PartiQLUpdate',
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
] as const

/** All that removes an item, now or when its time is up. */
export const deletions = [
  'dynamodb:DeleteItem',
  'dynamodb:PartiQLDelete',
  'dynamodb:UpdateTimeToLive',
] as const

/** The statements' names, by which a policy is known as one of ours. */
export const ledgerPolicySids = {
  writes: 'OnlyTheLedgersWritersWrite',
  deletes: 'NobodyDeletes',
} as const

/**
 * The resource policy of a ledger's table: only the writers write, and nobody
 * deletes. It allows nothing; who may read is left to IAM.
 *
 * Writers are also bound to their functions, but by their own IAM policies:
 * AWS does not evaluate `lambda:SourceFunctionArn` in resource policies.
 *
 * The resource is `*`, which in a table's policy means that table and its
 * indexes: a template can't name a table in its own policy.
 *
 * @throws Error without a writer: nobody could write ever again.
 */
export function ledgerPolicyDocument({
  writers,
  replicationRole,
}: LedgerWriters): LedgerPolicyDocument {
  if (writers.length === 0)
    throw new Error('A ledger needs at least one writer.')
  const replication = replicationRole === undefined ? [] : [replicationRole]
  return {
    Version: '2012-10-17',
    Statement: [
      denyOthers(ledgerPolicySids.writes, itemWrites, [
        ...writers,
        ...replication,
      ]),
      denyOthers(ledgerPolicySids.deletes, deletions, replication),
    ],
  }
}

/** Whether DynamoDB copies items to other Regions by this role. */
export function isReplicationRole(arn: string): boolean {
  return arn.endsWith(
    ':role/aws-service-role/replication.dynamodb.amazonaws.com/AWSServiceRoleForDynamoDBReplication',
  )
}

/** To all but these; where there are none, to all. */
export function denyOthers(
  sid: string,
  actions: readonly string[],
  arns: readonly string[],
): LedgerPolicyStatement {
  const [only, ...more] = arns
  return {
    Sid: sid,
    Effect: 'Deny',
    Principal: { AWS: '*' },
    Action: [...actions],
    Resource: '*',
    // A session of a role counts as the role. A condition that is negated also
    // holds where the key is absent: a service is denied too.
    ...(only !== undefined && {
      Condition: {
        ArnNotEquals: {
          'aws:PrincipalArn': more.length === 0 ? only : [...arns],
        },
      },
    }),
  }
}
