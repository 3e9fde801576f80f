import type { Place, ResourceType } from '../ResourceType.js'
import { recordOnly } from './recordOnly.js'

const arn = (place: Place, service: string, name: string): string =>
  `arn:aws:${service}:${place.home.region}:${place.home.accountId}:${name}`

const named = (
  service: string,
  nameProperty: string,
  prefix: string,
): ResourceType =>
  recordOnly({
    check() {},
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
  check() {},
  identify({ TopicName: given }, place) {
    const name = typeof given === 'string' ? given : place.generatedName
    const TopicArn = arn(place, 'sns', name)
    return { physicalId: TopicArn, attributes: { TopicArn, TopicName: name } }
  },
})

const queue = recordOnly({
  check() {},
  identify({ QueueName: given }, place) {
    const QueueName = typeof given === 'string' ? given : place.generatedName
    const { region, accountId } = place.home
    return {
      physicalId: `https://sqs.${region}.amazonaws.com/${accountId}/${QueueName}`,
      attributes: { Arn: arn(place, 'sqs', QueueName), QueueName },
    }
  },
})

/** Types that neither grant, deny nor trigger anything in a local home. */
export const withoutLocalMeaning: Readonly<Record<string, ResourceType>> = {
  'AWS::CDK::Metadata': named('cdk', '', ''),
  'AWS::CloudWatch::Alarm': named('cloudwatch', 'AlarmName', 'alarm:'),
  'AWS::ManagedBlockchain::Accessor': named(
    'managedblockchain',
    '',
    'accessors/',
  ),
  'AWS::ManagedBlockchain::Member': named('managedblockchain', '', 'members/'),
  'AWS::ManagedBlockchain::Node': named('managedblockchain', '', 'nodes/'),
  'AWS::SNS::Topic': topic,
  'AWS::SNS::TopicPolicy': named('sns', '', ''),
  'AWS::SQS::Queue': queue,
  'AWS::SQS::QueuePolicy': named('sqs', '', ''),
}
