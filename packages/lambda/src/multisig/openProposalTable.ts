import type { Hex } from '@keyward/core'
import {
  type AwsClientOptions,
  adviceOn,
  createAwsClient,
  dynamoDb,
} from '@keyward/core/aws'
import { quote } from '@keyward/core/errors'
import type {
  NonceRange,
  ProposalEntry,
  ProposalRecord,
  SafeTransaction,
} from '@keyward/safe'
import {
  firstAt,
  type Item,
  lastAt,
  prefix,
  toEntry,
  toRecord,
} from './ProposalItem.js'
import { ProposalStoreError } from './ProposalStoreError.js'

export type Settings = { deadline?: number | undefined } | undefined

/**
 * The operations on a Safe's partition of the table that proposals are built
 * on: every write touches one item, and its condition decides.
 */
export function openProposalTable(
  table: string,
  { chainId, safe }: SafeTransaction.SafeDomain,
  options: AwsClientOptions,
) {
  const client = createAwsClient(describeService(table), options)
  const pk = { S: `safe#${chainId}#${safe}` }
  const call = async (
    operation: string,
    input: object,
    settings: Settings = {},
  ) => {
    const full = { TableName: table, ...input }
    return (await client.call(operation, full, settings)).output
  }

  async function readItem(
    safeTx: Hex,
    settings: Settings,
  ): Promise<Item | undefined> {
    const Key = { pk, sk: keyOf(safeTx) }
    const { Item: item } = await call(
      'GetItem',
      { Key, ConsistentRead: true },
      settings,
    )
    return item as Item | undefined
  }

  async function listEntries(
    { from, to }: NonceRange,
    settings: Settings,
  ): Promise<ProposalEntry[]> {
    const entries: ProposalEntry[] = []
    let after: unknown
    do {
      const { Items = [], LastEvaluatedKey } = await call(
        'Query',
        {
          ConsistentRead: true,
          KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
          ExpressionAttributeValues: {
            ...{ ':pk': pk, ':from': firstAt(from), ':to': lastAt(to) },
          },
          ...(after !== undefined && { ExclusiveStartKey: after }),
        },
        settings,
      )
      entries.push(...(Items as Item[]).flatMap(toEntry))
      after = LastEvaluatedKey
    } while (after !== undefined)
    return entries
  }

  async function createItem(Item: Item, settings: Settings): Promise<boolean> {
    const ConditionExpression = 'attribute_not_exists(pk)'
    try {
      await call('PutItem', { Item, ConditionExpression }, settings)
      return true
    } catch (error) {
      if (isConditionFailed(error)) return false
      throw error
    }
  }

  async function update(
    safeTx: Hex,
    change: { set: Item; more?: string; condition: string; values?: Item },
    settings: Settings,
  ): Promise<ProposalRecord | undefined> {
    const { set, more = '', condition, values = {} } = change
    const named = Object.entries(set)
    try {
      const { Attributes } = await call(
        'UpdateItem',
        {
          Key: { pk, sk: keyOf(safeTx) },
          UpdateExpression: `${named.length > 0 ? 'SET ' : ''}${named.map(([name]) => `#${name} = :${name}`).join(', ')} ${more}`,
          ConditionExpression: `attribute_exists(pk) AND ${condition}`,
          ExpressionAttributeNames: {
            '#status': 'status',
            ...Object.fromEntries(named.map(([name]) => [`#${name}`, name])),
          },
          ExpressionAttributeValues: {
            ...Object.fromEntries(
              named.map(([name, value]) => [`:${name}`, value]),
            ),
            ...values,
          },
          ReturnValues: 'ALL_NEW',
        },
        settings,
      )
      return toRecord(Attributes as Item)
    } catch (error) {
      if (isConditionFailed(error)) return undefined
      throw error
    }
  }

  return { pk, call, readItem, listEntries, createItem, update }
}

export const keyOf = (safeTx: Hex) => ({ S: `${prefix}${safeTx}` })

const isConditionFailed = (error: unknown) =>
  error instanceof ProposalStoreError &&
  error.awsCode === 'ConditionalCheckFailedException'

const describeService = (table: string) =>
  dynamoDb({
    refused: (operation, refusal) =>
      new ProposalStoreError(
        [
          `DynamoDB returned ${refusal.awsCode} for ${operation}`,
          refusal.text.replace(/\.$/, ''),
        ]
          .filter(Boolean)
          .join('. '),
        refusal.awsCode,
        adviceOn(refusal, `dynamodb:${operation}`, {
          ResourceNotFoundException: `Check the table's name (PROPOSAL_TABLE is ${quote(table)}), the AWS account and the Region.`,
        }),
      ),
    unreachable: (host, cause) =>
      new ProposalStoreError(
        `DynamoDB at ${host} can't be reached (${(cause as NodeJS.ErrnoException).code ?? cause.name}); a function in a VPC needs a gateway endpoint or NAT`,
      ),
    timeout: (host, timeoutMs) =>
      new ProposalStoreError(
        timeoutMs === 0
          ? `the time limit was reached before DynamoDB at ${host} could be called`
          : `DynamoDB at ${host} did not answer within ${timeoutMs} ms`,
      ),
    damaged: (operation, reason) =>
      new ProposalStoreError(
        `the response to ${operation} is not valid: ${reason}`,
      ),
    configuration: (reason) => new ProposalStoreError(reason),
  })
