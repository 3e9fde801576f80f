/** The principals that write items of a ledger's table. */
export type LedgerWriters = {
  /** ARNs of IAM roles or users. At least one. */
  writers: readonly string[]
  /**
   * ARN of the account's service-linked role for DynamoDB replication, if the
   * table has replicas; see {@link isReplicationRole}. Without it, nobody can
   * add a replica, because DynamoDB can't copy the items.
   */
  replicationRole?: string | undefined
}

/**
 * A table's resource policy as JSON. A list with one value is written as that
 * value.
 */
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
 * Every action that creates or changes an item. A transaction needs the
 * permissions of the operations in it; a batch has its own permission.
 */
export const itemWrites = [
  'dynamodb:BatchWriteItem',
  'dynamodb:PartiQLInsert',
  'dynamodb:PartiQLUpdate',
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
] as const

/** Every action that removes an item, now or when it expires. */
export const deletions = [
  'dynamodb:DeleteItem',
  'dynamodb:PartiQLDelete',
  'dynamodb:UpdateTimeToLive',
] as const

/** The names of the statements. They show that a policy is one of ours. */
export const ledgerPolicySids = {
  writes: 'OnlyTheLedgersWritersWrite',
  deletes: 'NobodyDeletes',
} as const

/**
 * The resource policy of a ledger's table: only the writers write, and nobody
 * deletes. It allows nothing; IAM decides who may read.
 *
 * The writers' own IAM policies also bind them to their functions: AWS does not
 * evaluate `lambda:SourceFunctionArn` in resource policies.
 *
 * The resource is `*`, which in a table's policy means that table and its
 * indexes, because a template can't name a table in its own policy.
 *
 * @throws Error if there is no writer, because then nobody could ever write
 * again.
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

/** Whether DynamoDB uses this role to copy items to other Regions. */
export function isReplicationRole(arn: string): boolean {
  return arn.endsWith(
    ':role/aws-service-role/replication.dynamodb.amazonaws.com/AWSServiceRoleForDynamoDBReplication',
  )
}

/**
 * Denies actions to everybody except `arns`; if there are none, to everybody.
 */
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
    // A role's session counts as the role. A negated condition also holds if
    // the key is absent, so a service is denied too.
    ...(only !== undefined && {
      Condition: {
        ArnNotEquals: {
          'aws:PrincipalArn': more.length === 0 ? only : [...arns],
        },
      },
    }),
  }
}
