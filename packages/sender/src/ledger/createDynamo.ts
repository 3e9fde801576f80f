import { setTimeout as sleep } from 'node:timers/promises'
import {
  type AwsClientOptions,
  type AwsService,
  createAwsClient,
} from '@keyward/core/aws'
import {
  LedgerConfigurationError,
  LedgerResponseError,
  LedgerServiceError,
  LedgerTableError,
  LedgerTimeoutError,
  LedgerUnreachableError,
} from './errors.js'
import type { Item } from './Item.js'

const dynamodb: AwsService = {
  name: 'dynamodb',
  title: 'DynamoDB',
  targetPrefix: 'DynamoDB_20120810',
  contentType: 'application/x-amz-json-1.0',
  // A page of a query holds 1 MB of items, in JSON and base64 a little more.
  maxAnswerBytes: 8 * 1024 * 1024,
  transientCodes: new Set([
    'ProvisionedThroughputExceededException',
    'ThrottlingException',
    'RequestLimitExceeded',
    'InternalServerError',
    'LimitExceededException',
  ]),
  errors: {
    refused: (operation, refusal) => new LedgerServiceError(operation, refusal),
    unreachable: (host, cause) => new LedgerUnreachableError(host, cause),
    timeout: (host, timeoutMs) => new LedgerTimeoutError(host, timeoutMs),
    damaged: (operation, reason) => new LedgerResponseError(operation, reason),
    configuration: (reason) => new LedgerConfigurationError(reason),
  },
}

type Deadline = { deadline?: number | undefined }

/** What an update changes, and what must be so for it to be done. */
export type Change = {
  set?: Item
  /** Values that are set only where there is none yet. */
  setIfNone?: Item
  /** Adds to a number or a set of numbers. */
  add?: Item
  /** Takes out of a set of numbers. */
  delete?: Item
  remove?: readonly string[]
  /** In DynamoDB's language; names as they are, values as `:name`. */
  condition?: string
  values?: Item
}

export type Key = { pk: string; sk: string }

/** The few operations of DynamoDB that the ledger is built on. */
export type Dynamo = ReturnType<typeof createDynamo>

/**
 * A lean DynamoDB client on one table, with conditional writes.
 * Permissions on the table: GetItem, BatchGetItem, PutItem, UpdateItem, Query;
 * DescribeTable for `describe`.
 *
 * @throws LedgerConfigurationError
 */
export function createDynamo(tableName: string, options: AwsClientOptions) {
  if (
    !/^(?:arn:aws[a-z-]*:dynamodb:[a-z0-9-]+:[0-9]{12}:table\/)?[a-zA-Z0-9_.-]{3,255}$/.test(
      tableName,
    )
  )
    throw new LedgerConfigurationError(
      'the name of the table is none (3 to 255 letters, digits, _ . -)',
    )
  const client = createAwsClient(dynamodb, options)

  async function call(
    operation: string,
    input: object,
    settings: Deadline & { once?: boolean } = {},
  ): Promise<Record<string, unknown>> {
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
          'has other keys or indexes than the ledger needs',
        )
      throw error
    }
  }

  return {
    tableName,
    host: client.host,

    async get(key: Key, settings?: Deadline): Promise<Item | undefined> {
      const input = { Key: toKey(key), ConsistentRead: true }
      const { Item: item } = await call('GetItem', input, settings)
      return item as Item | undefined
    },

    /** In no order; those that don't exist are left out. */
    async getMany(keys: readonly Key[], settings?: Deadline): Promise<Item[]> {
      const items: Item[] = []
      for (let at = 0; at < keys.length; at += 100) {
        let left: object[] = keys.slice(at, at + 100).map(toKey)
        for (let tries = 1; left.length > 0; tries++) {
          // What is left over was throttled.
          if (tries > 1)
            await sleep(Math.random() * Math.min(1000, 50 * 2 ** tries))
          const request = { [tableName]: { Keys: left, ConsistentRead: true } }
          const output = await call(
            'BatchGetItem',
            { TableName: undefined, RequestItems: request },
            settings,
          )
          const { Responses, UnprocessedKeys } = output as {
            Responses?: Record<string, Item[]>
            UnprocessedKeys?: Record<string, { Keys: object[] }>
          }
          // Of one table, whether it is called by its name there or by its ARN.
          items.push(...Object.values(Responses ?? {}).flat())
          left = Object.values(UnprocessedKeys ?? {}).flatMap((one) => one.Keys)
        }
      }
      return items
    },

    /** Whether the item was created; false when there is one already. */
    async create(item: Item, settings?: Deadline): Promise<boolean> {
      return conditional(
        call(
          'PutItem',
          { Item: item, ConditionExpression: 'attribute_not_exists(pk)' },
          settings,
        ),
      ).then((output) => output !== undefined)
    },

    /** The whole item after the change; undefined when the condition failed. */
    async update(
      key: Key,
      change: Change,
      settings?: Deadline & { once?: boolean },
    ): Promise<Item | undefined> {
      const input = {
        Key: toKey(key),
        ReturnValues: 'ALL_NEW',
        ...toInput(change),
      }
      const output = await conditional(call('UpdateItem', input, settings))
      return output?.Attributes as Item | undefined
    },

    /** One page of a partition, in the order of the sort key. */
    async query(
      parameters: {
        index?: string
        partition: [name: string, value: string]
        /** Inclusive. */
        between?: [name: string, from: string, to: string]
        descending?: boolean
        limit?: number
        after?: unknown
      },
      settings?: Deadline,
    ): Promise<{ items: Item[]; after: unknown }> {
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
          // Reads of an index can't be consistent.
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

    async describe(settings?: Deadline): Promise<Record<string, unknown>> {
      const { Table } = await call('DescribeTable', {}, settings)
      return Table as Record<string, unknown>
    },
  }
}

function toKey({ pk, sk }: Key) {
  return { pk: { S: pk }, sk: { S: sk } }
}

function toInput(change: Change) {
  const names: Record<string, string> = {}
  const values: Item = {}
  for (const [name, value] of Object.entries(change.values ?? {}))
    values[`:${name}`] = value
  const clause = (
    word: string,
    items: Item | undefined,
    write: (name: string, value: string) => string,
  ) =>
    Object.entries(items ?? {}).map(([name, value]) => {
      names[`#${name}`] = name
      values[`:${word}_${name}`] = value
      return write(`#${name}`, `:${word}_${name}`)
    })
  const sets = [
    ...clause('set', change.set, (name, value) => `${name} = ${value}`),
    ...clause(
      'none',
      change.setIfNone,
      (name, value) => `${name} = if_not_exists(${name}, ${value})`,
    ),
  ]
  const parts: [string, string[]][] = [
    ['SET', sets],
    ['ADD', clause('add', change.add, (name, value) => `${name} ${value}`)],
    [
      'DELETE',
      clause('delete', change.delete, (name, value) => `${name} ${value}`),
    ],
    [
      'REMOVE',
      (change.remove ?? []).map((name) => {
        names[`#${name}`] = name
        return `#${name}`
      }),
    ],
  ]
  // Attributes in a condition are written as #name too: some are reserved words.
  const condition = change.condition
  for (const [, name = ''] of (condition ?? '').matchAll(/#(\w+)/g))
    names[`#${name}`] = name
  return {
    UpdateExpression: parts
      .filter(([, items]) => items.length > 0)
      .map(([word, items]) => `${word} ${items.join(', ')}`)
      .join(' '),
    ...(condition === undefined ? {} : { ConditionExpression: condition }),
    ...(Object.keys(names).length === 0
      ? {}
      : { ExpressionAttributeNames: names }),
    ...(Object.keys(values).length === 0
      ? {}
      : { ExpressionAttributeValues: values }),
  }
}

/** Undefined when the condition failed. */
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
