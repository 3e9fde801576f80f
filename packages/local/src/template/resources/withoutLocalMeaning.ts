import { isObject, type Json } from '../Json.js'
import type { Place, ResourceType } from '../ResourceType.js'
import { recordOnly } from './recordOnly.js'

const arn = (place: Place, service: string, name: string): string =>
  `arn:aws:${service}:${place.home.region}:${place.home.accountId}:${name}`

const named = (
  service: string,
  nameProperty: string,
  prefix: string,
  check: ResourceType['check'] = () => {},
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
  check() {},
  identify({ TopicName: given }, place) {
    const name = typeof given === 'string' ? given : place.generatedName
    const TopicArn = arn(place, 'sns', name)
    return { physicalId: TopicArn, attributes: { TopicArn, TopicName: name } }
  },
})

/** A rule that only tells people; one that starts something is refused. */
const ruleToTopics = named('events', 'Name', 'rule/', ({ Targets = [] }) => {
  const targets: Json[] = Array.isArray(Targets) ? Targets : [Targets]
  for (const target of targets) {
    const to = isObject(target) ? target.Arn : undefined
    if (typeof to !== 'string' || !/^arn:aws[a-z-]*:sns:/.test(to))
      throw new SyntaxError(
        'The local home has rules to SNS topics only, which it does not run; this one has another target.',
      )
  }
})

/** Types that neither grant, deny nor trigger anything in a local home. */
export const withoutLocalMeaning: Readonly<Record<string, ResourceType>> = {
  'AWS::CDK::Metadata': named('cdk', '', ''),
  'AWS::CloudWatch::Alarm': named('cloudwatch', 'AlarmName', 'alarm:'),
  'AWS::Events::Rule': ruleToTopics,
  'AWS::ManagedBlockchain::Accessor': named(
    'managedblockchain',
    '',
    'accessors/',
  ),
  'AWS::ManagedBlockchain::Member': named('managedblockchain', '', 'members/'),
  'AWS::ManagedBlockchain::Node': named('managedblockchain', '', 'nodes/'),
  'AWS::SNS::Topic': topic,
  'AWS::SNS::TopicPolicy': named('sns', '', ''),
}
