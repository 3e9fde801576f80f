import { LedgerTableError } from '../errors.js'

type Keys = { AttributeName: string; KeyType: string }[]

/** Keys of the table and of both indexes, as in docs/ledger.md. */
const shape = {
  table: ['pk', 'sk'],
  open: ['open', 'created'],
  caller: ['callerOf', 'created'],
}

/** @throws LedgerTableError */
export function assertTable(
  table: Record<string, unknown>,
  tableName: string,
  host: string,
): void {
  const fail = (reason: string) => new LedgerTableError(tableName, host, reason)
  const { TableStatus, KeySchema, GlobalSecondaryIndexes } = table as {
    TableStatus?: string
    KeySchema?: Keys
    GlobalSecondaryIndexes?: { IndexName: string; KeySchema: Keys }[]
  }
  if (TableStatus !== 'ACTIVE' && TableStatus !== 'UPDATING')
    throw fail(`is not active (${TableStatus})`)
  if (!isKeys(KeySchema, shape.table))
    throw fail('has keys other than pk and sk')
  for (const name of ['open', 'caller'] as const) {
    const index = GlobalSecondaryIndexes?.find((one) => one.IndexName === name)
    if (!isKeys(index?.KeySchema, shape[name]))
      throw fail(
        `has no index "${name}" on ${shape[name][0]} and ${shape[name][1]}`,
      )
  }
}

function isKeys(keys: Keys | undefined, [hash, range]: string[]): boolean {
  const find = (type: string) =>
    keys?.find(({ KeyType }) => KeyType === type)?.AttributeName
  return find('HASH') === hash && find('RANGE') === range
}
