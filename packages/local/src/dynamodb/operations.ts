import { AwsError } from '../protocol/Service.js'
import type { Engine, Json } from './createEngine.js'
import type { createTableSettings } from './createTableSettings.js'
import { invalid } from './errors.js'

export type Context = {
  engine: Engine
  settings: ReturnType<typeof createTableSettings>
  /** Milliseconds since 1970. */
  now: () => number
}

type Operation = (context: Context, input: Json) => Promise<Json>

/** What dynalite leaves out or does not know; the rest it does alone. */
export const operations: Readonly<Record<string, Operation>> = {
  async CreateTable(context, input) {
    const deletionProtection = readBoolean(input, 'DeletionProtectionEnabled')
    const { TableDescription } = await context.engine.call('CreateTable', input)
    const table = TableDescription as Json
    const name = String(table.TableName)
    context.settings.clear(name)
    context.settings.change(name, {
      deletionProtection: deletionProtection ?? false,
    })
    return { TableDescription: complete(context, table) }
  },

  async UpdateTable(context, input) {
    const { DeletionProtectionEnabled: _, ...rest } = input
    const before = await describe(context, input.TableName)
    const name = String(before.TableName)
    const deletionProtection = readBoolean(input, 'DeletionProtectionEnabled')
    const isOurs =
      deletionProtection !== undefined &&
      Object.keys(rest).every((each) => each === 'TableName')
    const table = isOurs
      ? before
      : (await context.engine.call('UpdateTable', rest)).TableDescription
    if (deletionProtection !== undefined)
      context.settings.change(name, { deletionProtection })
    return { TableDescription: complete(context, table as Json) }
  },

  async DescribeTable(context, input) {
    const { Table } = await context.engine.call('DescribeTable', input)
    return { Table: complete(context, Table as Json) }
  },

  async DeleteTable(context, input) {
    const name = String(input.TableName)
    if (context.settings.get(name).deletionProtection)
      throw invalid(
        'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
      )
    const { TableDescription } = await context.engine.call('DeleteTable', input)
    const table = complete(context, TableDescription as Json)
    context.settings.clear(name)
    return { TableDescription: table }
  },

  async DescribeContinuousBackups(context, input) {
    return describeBackups(context, await backedUp(context, input))
  },

  async UpdateContinuousBackups(context, input) {
    const name = await backedUp(context, input)
    const given = input.PointInTimeRecoverySpecification
    if (typeof given !== 'object' || given === null || Array.isArray(given))
      throw invalid(
        "1 validation error detected: Value null at 'pointInTimeRecoverySpecification' failed to satisfy constraint: Member must not be null",
      )
    const enabled = readBoolean(given as Json, 'PointInTimeRecoveryEnabled')
    if (enabled === undefined)
      throw invalid(
        "1 validation error detected: Value null at 'pointInTimeRecoverySpecification.pointInTimeRecoveryEnabled' failed to satisfy constraint: Member must not be null",
      )
    const days = (given as Json).RecoveryPeriodInDays ?? 35
    if (typeof days !== 'number' || !(days >= 1 && days <= 35))
      throw invalid(
        `1 validation error detected: Value '${String(days).slice(0, 80)}' at 'pointInTimeRecoverySpecification.recoveryPeriodInDays' failed to satisfy constraint: Member must have value from 1 to 35`,
      )
    context.settings.change(name, {
      pointInTimeRecovery: enabled,
      recoveryPeriodInDays: days,
    })
    return describeBackups(context, name)
  },
}

async function describe({ engine }: Context, TableName: unknown) {
  const { Table } = await engine.call('DescribeTable', { TableName })
  return Table as Json
}

/** A table's name, when there is one; backups have an error of their own. */
async function backedUp(context: Context, input: Json): Promise<string> {
  try {
    return String((await describe(context, input.TableName)).TableName)
  } catch (error) {
    if (error instanceof AwsError && error.type === 'ResourceNotFoundException')
      throw new AwsError(
        'TableNotFoundException',
        `Table not found: ${input.TableName}`,
      )
    throw error
  }
}

function describeBackups({ settings, now }: Context, name: string): Json {
  const { pointInTimeRecovery, recoveryPeriodInDays } = settings.get(name)
  return {
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription: pointInTimeRecovery
        ? {
            PointInTimeRecoveryStatus: 'ENABLED',
            RecoveryPeriodInDays: recoveryPeriodInDays,
            EarliestRestorableDateTime: now() / 1000,
            LatestRestorableDateTime: now() / 1000,
          }
        : { PointInTimeRecoveryStatus: 'DISABLED' },
    },
  }
}

function complete({ settings }: Context, table: Json): Json {
  const { deletionProtection } = settings.get(String(table.TableName))
  return { ...table, DeletionProtectionEnabled: deletionProtection }
}

function readBoolean(input: Json, name: string): boolean | undefined {
  const value = input[name]
  if (value === undefined || value === null) return undefined
  if (typeof value === 'boolean') return value
  throw new AwsError('SerializationException', `${name} must be true or false.`)
}
