import type { JsonObject } from '../Json.js'
import {
  ignored,
  integer,
  oneOf,
  type Reader,
  readProperties,
} from '../properties.js'
import type { Place, ResourceType } from '../ResourceType.js'
import { TemplateError } from '../TemplateError.js'
import { recordOnly } from './recordOnly.js'

const arn = (place: Place, service: string, name: string): string =>
  `arn:aws:${service}:${place.home.region}:${place.home.accountId}:${name}`

type Check = (properties: JsonObject) => unknown

/**
 * The properties that a type has in CloudFormation. Like CloudFormation, the
 * home refuses any other name, and it checks values only as far as
 * CloudFormation would.
 */
const knows =
  (
    names: string,
    readers: Readonly<Record<string, Reader<unknown>>> = {},
    required: readonly string[] = [],
  ): Check =>
  (properties) =>
    readProperties(
      properties,
      {
        ...Object.fromEntries(names.split(' ').map((name) => [name, ignored])),
        ...readers,
      },
      required,
    )

const from =
  (least: number, most: number): Reader<number> =>
  (value) => {
    const found = integer(value)
    if (found >= least && found <= most) return found
    throw new TemplateError(
      `It must be from ${least} to ${most}, not ${found}.`,
    )
  }

/** Reads the period of a metric: whole minutes, or a high-resolution period. */
const period: Reader<number> = (value) => {
  const found = integer(value)
  if ([10, 20, 30].includes(found) || (found > 0 && found % 60 === 0))
    return found
  throw new TemplateError(
    `It must be 10, 20, 30 or a multiple of 60, not ${found}.`,
  )
}

const alarm = knows(
  'ActionsEnabled AlarmActions AlarmDescription AlarmName DatapointsToAlarm ' +
    'Dimensions EvaluateLowSampleCountPercentile ExtendedStatistic ' +
    'InsufficientDataActions MetricName Metrics Namespace OKActions Tags ' +
    'Threshold ThresholdMetricId Unit',
  {
    ComparisonOperator: oneOf(
      'GreaterThanOrEqualToThreshold',
      'GreaterThanThreshold',
      'LessThanThreshold',
      'LessThanOrEqualToThreshold',
      'LessThanLowerOrGreaterThanUpperThreshold',
      'LessThanLowerThreshold',
      'GreaterThanUpperThreshold',
    ),
    EvaluationPeriods: integer,
    Period: period,
    Statistic: oneOf('SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'),
    TreatMissingData: oneOf('breaching', 'notBreaching', 'ignore', 'missing'),
  },
  ['ComparisonOperator', 'EvaluationPeriods'],
)

const queueProperties = knows(
  'ContentBasedDeduplication DeduplicationScope FifoQueue ' +
    'FifoThroughputLimit KmsMasterKeyId QueueName RedriveAllowPolicy ' +
    'RedrivePolicy SqsManagedSseEnabled Tags',
  {
    DelaySeconds: from(0, 900),
    KmsDataKeyReusePeriodSeconds: from(60, 86_400),
    MaximumMessageSize: from(1024, 1_048_576),
    MessageRetentionPeriod: from(60, 1_209_600),
    ReceiveMessageWaitTimeSeconds: from(0, 20),
    VisibilityTimeout: from(0, 43_200),
  },
)

const accessor = knows(
  'Tags',
  {
    AccessorType: oneOf('BILLING_TOKEN'),
    NetworkType: oneOf(
      'ETHEREUM_MAINNET',
      'ETHEREUM_GOERLI',
      'POLYGON_MAINNET',
      'POLYGON_MUMBAI',
    ),
  },
  ['AccessorType'],
)

const named = (
  service: string,
  nameProperty: string,
  prefix: string,
  check: Check = () => {},
): ResourceType =>
  recordOnly({
    check,
    identify(properties, place) {
      const given = properties[nameProperty]
      const name = typeof given === 'string' ? given : place.generatedName
      return {
        physicalId: name,
        attributes: { Arn: arn(place, service, prefix + name) },
      }
    },
  })

const topic = recordOnly({
  check: knows(
    'ArchivePolicy ContentBasedDeduplication DataProtectionPolicy ' +
      'DeliveryStatusLogging DisplayName FifoThroughputScope FifoTopic ' +
      'KmsMasterKeyId SignatureVersion Subscription Tags TopicName ' +
      'TracingConfig',
  ),
  identify({ TopicName: given }, place) {
    const name = typeof given === 'string' ? given : place.generatedName
    const TopicArn = arn(place, 'sns', name)
    return { physicalId: TopicArn, attributes: { TopicArn, TopicName: name } }
  },
})

const queue = recordOnly({
  check: queueProperties,
  identify({ QueueName: given }, place) {
    const QueueName = typeof given === 'string' ? given : place.generatedName
    const { region, accountId } = place.home
    return {
      physicalId: `https://sqs.${region}.amazonaws.com/${accountId}/${QueueName}`,
      attributes: { Arn: arn(place, 'sqs', QueueName), QueueName },
    }
  },
})

/** Types that don't grant, deny or trigger anything in a local home. */
export const withoutLocalMeaning: Readonly<Record<string, ResourceType>> = {
  'AWS::CDK::Metadata': named('cdk', '', ''),
  'AWS::CloudWatch::Alarm': named('cloudwatch', 'AlarmName', 'alarm:', alarm),
  'AWS::ManagedBlockchain::Accessor': named(
    'managedblockchain',
    '',
    'accessors/',
    accessor,
  ),
  'AWS::ManagedBlockchain::Member': named('managedblockchain', '', 'members/'),
  'AWS::ManagedBlockchain::Node': named('managedblockchain', '', 'nodes/'),
  'AWS::SNS::Topic': topic,
  'AWS::SNS::TopicPolicy': named(
    'sns',
    '',
    '',
    knows('PolicyDocument Topics', {}, ['PolicyDocument', 'Topics']),
  ),
  'AWS::SQS::Queue': queue,
  'AWS::SQS::QueuePolicy': named(
    'sqs',
    '',
    '',
    knows('PolicyDocument Queues', {}, ['PolicyDocument', 'Queues']),
  ),
}
