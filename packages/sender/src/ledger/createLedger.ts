import type { AwsClientOptions } from '@keyward/core/aws'
import { assertTable } from './assertTable.js'
import { createDynamo } from './createDynamo.js'
import { headTable } from './headTable.js'
import { leaseTable } from './leaseTable.js'
import { nonceTable } from './nonceTable.js'
import { transactionTable } from './transactionTable.js'

type Deadline = { deadline?: number | undefined }

export type LedgerOptions = AwsClientOptions & {
  /** Name or ARN of the table. */
  tableName: string
}

/** All that is remembered, and all that must not happen twice. */
export type Ledger = ReturnType<typeof transactionTable> &
  ReturnType<typeof nonceTable> &
  ReturnType<typeof headTable> &
  ReturnType<typeof leaseTable> & {
    readonly tableName: string
    /** Of the endpoint, for messages. */
    readonly host: string
    /** Whether the table is there and shaped as needed. @throws LedgerTableError */
    check(deadline?: Deadline): Promise<void>
  }

/**
 * The ledger on one DynamoDB table; docs/ledger.md has its items. Every write
 * is conditional, so that any number of processes may use it at once.
 * Permissions on the table and its indexes: GetItem, BatchGetItem, PutItem,
 * UpdateItem, Query; DescribeTable for `check`.
 *
 * @throws LedgerConfigurationError; the calls throw LedgerTableError for a
 * missing table, LedgerItemError for items of others, and what DynamoDB's
 * client throws
 * @example
 * const ledger = createLedger({ tableName: 'keyward-dev-ledger' })
 */
export function createLedger(options: LedgerOptions): Ledger {
  const { tableName, ...client } = options
  const dynamo = createDynamo(tableName, client)
  return {
    tableName,
    host: dynamo.host,
    ...transactionTable(dynamo),
    ...nonceTable(dynamo),
    ...headTable(dynamo),
    ...leaseTable(dynamo),
    async check(deadline) {
      assertTable(await dynamo.describe(deadline), tableName, dynamo.host)
    },
  }
}
