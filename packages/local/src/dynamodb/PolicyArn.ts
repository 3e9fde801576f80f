import { AwsError } from '../protocol/Service.js'
import { invalid } from './errors.js'
import type { Place } from './Table.js'

/**
 * Reads the ARN of a local table as the policy operations do.
 *
 * @throws AwsError ValidationException, ResourceNotFoundException
 */
export function assert(arn: string, { accountId, region }: Place): string {
  const wrong = (text: string) =>
    invalid(`One or more parameter values were invalid: ${text}`)
  if (!arn.startsWith('arn:'))
    throw wrong(`ARNs must start with 'arn:': ${arn}`)
  const [, partition, service, place, account, ...rest] = arn.split(':')
  const [kind, table = '', part, label = ''] = rest.join(':').split('/')
  if (service !== 'dynamodb' || kind !== 'table')
    throw wrong(`Provided Arn is not a DynamoDB resource arn: ${arn}`)
  if (partition !== 'aws' || place !== region)
    throw wrong(`Invalid resource Arn: ${arn}`)
  if (account !== accountId)
    throw invalid(
      'This action is only supported by accounts that match the resource owner’s account.',
    )
  if (part === undefined) return arn
  if (part === 'index')
    throw wrong(
      `Invalid resource arn provided, only table or stream is accepted. Provided resource arn: ${arn}`,
    )
  if (part === 'stream')
    throw new AwsError(
      'ResourceNotFoundException',
      `Requested resource not found: Stream: ${label} not found for Table: ${table}`,
    )
  throw wrong(`Provided Arn is not a DynamoDB resource arn: ${arn}`)
}
