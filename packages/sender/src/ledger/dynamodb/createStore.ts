import {
  type AwsClientOptions,
  createAwsClient,
  dynamoDb,
} from '@keyward/core/aws'
import type { Runtime } from '@keyward/core/rpc'
import {
  LedgerConfigurationError,
  LedgerResponseError,
  LedgerServiceError,
  LedgerTableError,
  LedgerTimeoutError,
  LedgerUnreachableError,
} from '../errors.js'
import type { Item } from '../Item.js'
import type { Change, Key, Store } from '../Store.js'
import { assertTable } from './assertTable.js'
import { toUpdate } from './toUpdate.js'

const service = dynamoDb({
  refused: (operation, refusal) => new LedgerServiceError(operation, refusal),
  unreachable: (host, cause) => new LedgerUnreachableError(host, cause),
  timeout: (host, timeoutMs) => new LedgerTimeoutError(host, timeoutMs),
  damaged: (operation, reason) => new LedgerResponseError(operation, reason),
  configuration: (reason) => new LedgerConfigurationError(reason),
})

type Deadline = { deadline?: number | undefined }

/** The limit of BatchGetItem. */
const maxKeys = 100
/**
 * Maximum attempts of a write that conflicts with a write in another Region.
 */
const maxTries = 3
/**
 * Maximum number of consecutive empty answers to a batch; more are an error.
 */
const maxIdle = 8

/**
 * A lean DynamoDB client on one table, with conditional writes.
 * Permissions on the table: GetItem, BatchGetItem, PutItem, UpdateItem, Query;
 * DescribeTable for `check`.
 *
 * @param tableName - Name or ARN.
 * @throws LedgerConfigurationError
 */
export function createStore(
  tableName: string,
  { runtime, ...options }: AwsClientOptions & { runtime: Runtime },
): Store {
  if (
    !/^(?:arn:aws[a-z-]*:dynamodb:[a-z0-9-]+:[0-9]{12}:table\/)?[a-zA-Z0-9_.-]{3,255}$/.test(
      tableName,
    )
  )
    throw new LedgerConfigurationError(
      'the name of the table is not valid (allowed: 3 to 255 letters, digits, _ . -)',
    )
  const client = createAwsClient(service, options)

  type Settings = Deadline & { once?: boolean }

  async function callOnce(
    operation: string,
    input: object,
    settings: Settings,
  ) {
    try {
      const full = { TableName: tableName, ...input }
      return (await client.call(operation, full, settings)).output
    } catch (error) {
      if (isCode(error, 'ResourceNotFoundException'))
        throw new LedgerTableError(tableName, client.host, 'does not exist')
      if (
        isCode(error, 'ValidationException') &&
        /index|schema|key element/i.test((error as Error).message)
      )
        throw new LedgerTableError(
          tableName,
          client.host,
          'has keys or indexes other than those the ledger needs',
        )
      throw error
    }
  }

  async function call(
    operation: string,
    input: object,
    settings: Settings = {},
  ): Promise<Record<string, unknown>> {
    const { deadline = Infinity, once = false } = settings
    for (let tries = 1; ; tries++)
      try {
        return await callOnce(operation, input, settings)
      } catch (error) {
        // On a global table with strong consistency, the write's outcome is
        // undecided.
        const isUndecided = isCode(error, 'ReplicatedWriteConflictException')
        if (!isUndecided || once || tries >= maxTries) throw error
        const waitMs = runtime.random() * 50 * 2 ** tries
        if (runtime.now() + waitMs >= deadline) throw error
        await runtime.sleep(waitMs)
      }
  }

  /**
   * Reads the items in one batch; if the answer is too long, splits it in half.
   */
  async function getBatch(
    keys: object[],
    attributes: readonly string[] | undefined,
    settings: Deadline,
  ): Promise<Item[]> {
    const items: Item[] = []
    let left = keys
    for (let idle = 0; left.length > 0; ) {
      // The remaining items were throttled or did not fit.
      if (idle > 0)
        await runtime.sleep(runtime.random() * Math.min(1000, 50 * 2 ** idle))
      let output: Batch
      try {
        output = await call(
          'BatchGetItem',
          {
            TableName: undefined,
            RequestItems: { [tableName]: toBatch(left, attributes) },
          },
          settings,
        )
      } catch (error) {
        if (!isTooLong(error) || left.length === 1) throw error
        const half = Math.ceil(left.length / 2)
        for (const part of [left.slice(0, half), left.slice(half)])
          items.push(...(await getBatch(part, attributes, settings)))
        return items
      }
      // The answer is for the one table, under its name or its ARN.
      const came = Object.values(output.Responses ?? {}).flat()
      items.push(...came)
      const rest = Object.values(output.UnprocessedKeys ?? {})
      left = rest.flatMap(({ Keys }) => Keys)
      idle = came.length === 0 ? idle + 1 : 0
      if (idle >= maxIdle && left.length > 0)
        throw new LedgerServiceError('BatchGetItem', {
          // DynamoDB's name for the case, although it left the keys instead.
          awsCode: 'ProvisionedThroughputExceededException',
          text: `None of the requested items were returned (${idle} times in a row; items still missing: ${left.length}).`,
          ...{ status: 400, requestId: undefined },
        })
    }
    return items
  }

  return {
    tableName: tableName.slice(tableName.lastIndexOf('/') + 1),
    host: client.host,

    async get(key, settings) {
      const input = { Key: toKey(key), ConsistentRead: true }
      const { Item: item } = await call('GetItem', input, settings)
      return item as Item | undefined
    },

    async getMany(keys, { deadline, attributes } = {}) {
      const items: Item[] = []
      // DynamoDB refuses a batch with duplicate items.
      const once = [...new Map(keys.map((key) => [toId(key), toKey(key)]))]
      const left = once.map(([, key]) => key)
      for (let at = 0; at < left.length; at += maxKeys) {
        const batch = left.slice(at, at + maxKeys)
        items.push(...(await getBatch(batch, attributes, { deadline })))
      }
      return items
    },

    async create(item, settings) {
      return conditional(
        call(
          'PutItem',
          { Item: item, ConditionExpression: 'attribute_not_exists(pk)' },
          settings,
        ),
      ).then((output) => output !== undefined)
    },

    async update(key, change: Change, settings) {
      const input = {
        Key: toKey(key),
        ReturnValues: 'ALL_NEW',
        ...toUpdate(change),
      }
      const output = await conditional(call('UpdateItem', input, settings))
      return output?.Attributes as Item | undefined
    },

    async query(parameters, settings) {
      const { index, partition, between, descending, limit, after } = parameters
      const names: Record<string, string> = { '#p': partition[0] }
      const values: Item = { ':p': { S: partition[1] } }
      let condition = '#p = :p'
      if (between !== undefined) {
        names['#s'] = between[0]
        values[':from'] = { S: between[1] }
        values[':to'] = { S: between[2] }
        condition += ' AND #s BETWEEN :from AND :to'
      }
      const output = await call(
        'Query',
        {
          // Reads of an index can't be strongly consistent.
          ...(index === undefined
            ? { ConsistentRead: true }
            : { IndexName: index }),
          KeyConditionExpression: condition,
          ExpressionAttributeNames: names,
          ExpressionAttributeValues: values,
          ScanIndexForward: descending !== true,
          ...(limit === undefined ? {} : { Limit: limit }),
          ...(after === undefined ? {} : { ExclusiveStartKey: after }),
        },
        settings,
      )
      return {
        items: (output.Items ?? []) as Item[],
        after: output.LastEvaluatedKey,
      }
    },

    async check(settings) {
      const { Table } = await call('DescribeTable', {}, settings)
      assertTable(Table as Record<string, unknown>, tableName, client.host)
    },
  }
}

function toId({ pk, sk }: Key): string {
  return `${pk}\0${sk}`
}

function toKey({ pk, sk }: Key) {
  return { pk: { S: pk }, sk: { S: sk } }
}

type Batch = {
  Responses?: Record<string, Item[]>
  UnprocessedKeys?: Record<string, { Keys: object[] }>
}

function toBatch(Keys: object[], attributes: readonly string[] | undefined) {
  if (attributes === undefined) return { Keys, ConsistentRead: true }
  // Some of the names are reserved words.
  const names = attributes.map((name, index) => [`#${index}`, name] as const)
  return {
    Keys,
    ConsistentRead: true,
    ProjectionExpression: names.map(([short]) => short).join(', '),
    ExpressionAttributeNames: Object.fromEntries(names),
  }
}

function isTooLong(error: unknown): boolean {
  return error instanceof LedgerResponseError && error.isTooLong
}

/** Undefined if the condition failed. */
async function conditional<value>(
  promise: Promise<value>,
): Promise<value | undefined> {
  try {
    return await promise
  } catch (error) {
    if (isCode(error, 'ConditionalCheckFailedException')) return undefined
    throw error
  }
}

function isCode(error: unknown, awsCode: string): boolean {
  return error instanceof LedgerServiceError && error.awsCode === awsCode
}
