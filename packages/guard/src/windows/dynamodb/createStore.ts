import {
  type AwsClientOptions,
  createAwsClient,
  dynamoDb,
} from '@keyward/core/aws'
import { quote } from '@keyward/core/errors'
import {
  GuardConfigurationError,
  GuardItemError,
  GuardResponseError,
  GuardServiceError,
  GuardTableError,
  GuardTimeoutError,
  GuardUnreachableError,
} from '../errors.js'
import type {
  Key,
  Range,
  Settings,
  SigningStore,
  Store,
  Values,
} from '../Store.js'
import { toAttributes, toValues } from './Attribute.js'
import { toUpdate } from './toUpdate.js'

const service = dynamoDb({
  refused: (operation, refusal) => new GuardServiceError(operation, refusal),
  unreachable: (host, cause) => new GuardUnreachableError(host, cause),
  timeout: (host, timeoutMs) => new GuardTimeoutError(host, timeoutMs),
  damaged: (operation, reason) => new GuardResponseError(operation, reason),
  configuration: (reason) => new GuardConfigurationError(reason),
})

/** The name of a table, or its ARN. */
const tablePattern =
  /^(?:arn:aws[a-z-]*:dynamodb:[a-z0-9-]+:[0-9]{12}:table\/)?[a-zA-Z0-9_.-]{3,255}$/

/**
 * A lean DynamoDB client for one table. Permissions on the table: GetItem,
 * PutItem, UpdateItem, Query.
 *
 * @throws GuardConfigurationError
 */
export function createStore(
  tableName: string,
  options: AwsClientOptions = {},
): Store {
  const { store, call, write } = open(tableName, options)
  return {
    ...store,

    async list(pk, settings, range) {
      const query = toQuery(pk, range)
      const most = range?.newest ?? Infinity
      const value: { key: Key; item: Values }[] = []
      let first: number | undefined
      let after: unknown
      do {
        const { output, at } = await call(
          'Query',
          {
            ...query,
            ...(after !== undefined && { ExclusiveStartKey: after }),
          },
          settings,
        )
        value.push(...((output.Items ?? []) as object[]).map(toListed))
        first ??= at
        after = output.LastEvaluatedKey
      } while (after !== undefined && value.length < most)
      return { value: value.slice(0, most), at: first }
    },

    replace(key, item, when, settings) {
      const { UpdateExpression: _, ...condition } = toUpdate({ when })
      const input = { Item: toStored(key, item), ...condition }
      return write('PutItem', input, settings)
    },
  }
}

/**
 * Like {@link createStore}, but without Query, for functions that only sign.
 *
 * @throws GuardConfigurationError
 */
export function createSigningStore(
  tableName: string,
  options: AwsClientOptions = {},
): SigningStore {
  return open(tableName, options).store
}

function open(tableName: string, options: AwsClientOptions) {
  if (!tablePattern.test(tableName))
    throw new GuardConfigurationError(
      `${quote(tableName)} is not a valid table name. Allowed: 3 to 255 letters, digits, dots, hyphens and underscores, or a table's ARN`,
    )
  const client = createAwsClient(service, options)

  async function call(operation: string, input: object, settings?: Settings) {
    try {
      const full = { TableName: tableName, ...input }
      const { output, date } = await client.call(operation, full, settings)
      return { output, at: toTime(operation, date) }
    } catch (error) {
      if (isCode(error, 'ResourceNotFoundException'))
        throw new GuardTableError(tableName, client.host, 'does not exist')
      throw error
    }
  }

  /** A failed condition is also an answer. */
  async function write(operation: string, input: object, settings?: Settings) {
    try {
      const { at } = await call(operation, input, settings)
      return { value: true, at }
    } catch (error) {
      if (!isCode(error, 'ConditionalCheckFailedException')) throw error
      return { value: false, at: toTime(operation, error.date) }
    }
  }

  const store: SigningStore = {
    host: client.host,
    table: tableName.split('/').at(-1),

    async get(key, settings) {
      const input = { Key: toKey(key), ConsistentRead: true }
      const { output, at } = await call('GetItem', input, settings)
      const item = output.Item as Record<string, unknown> | undefined
      return { value: item && toItem(item).item, at }
    },

    create(key, item, settings) {
      const Item = toStored(key, item)
      const input = { Item, ConditionExpression: 'attribute_not_exists(pk)' }
      return write('PutItem', input, settings)
    },

    update: (key, change, settings) =>
      write('UpdateItem', { Key: toKey(key), ...toUpdate(change) }, settings),
  }
  return { store, call, write }
}

function toQuery(pk: string, range: Range | undefined) {
  const whole = {
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': { S: pk } },
  }
  if (range === undefined) return whole
  const { from, to, newest } = range
  return {
    ...whole,
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
    ExpressionAttributeValues: {
      ':pk': { S: pk },
      ':from': { S: from },
      ':to': { S: to },
    },
    ScanIndexForward: false,
    Limit: newest,
  }
}

function toKey({ pk, sk }: Key) {
  return { pk: { S: pk }, sk: { S: sk } }
}

function toStored(key: Key, item: Values) {
  return { ...toKey(key), ...toAttributes(item) }
}

function toItem(attributes: object): { key: Key; item: Values } {
  const { pk, sk, ...rest } = attributes as Record<string, { S?: string }>
  const key = { pk: String(pk?.S), sk: String(sk?.S) }
  return { key, item: toValues(rest, `pk=${key.pk} sk=${key.sk}`) }
}

/** An item that was changed by hand doesn't prevent reading the others. */
function toListed(attributes: object): ReturnType<typeof toItem> {
  try {
    return toItem(attributes)
  } catch (error) {
    if (!(error instanceof GuardItemError)) throw error
    const { pk, sk } = attributes as Record<string, { S?: string }>
    return { key: { pk: String(pk?.S), sk: String(sk?.S) }, item: {} }
  }
}

function toTime(operation: string, date: number | undefined): number {
  if (date !== undefined) return date
  throw new GuardResponseError(operation, 'it has no Date header')
}

function isCode(error: unknown, awsCode: string): error is GuardServiceError {
  return error instanceof GuardServiceError && error.awsCode === awsCode
}
