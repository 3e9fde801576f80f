import { expect, test } from 'vitest'
import { readSettings } from './settings.js'

// Before any call to AWS. The synthesis checks settings together.

const arn = (service: string, rest: string) =>
  `arn:aws:${service}:eu-central-1:123456789012:${rest}`
const key = arn('kms', 'key/11111111-2222-3333-4444-555555555555')

test.each<[string, unknown, string]>([
  ['alarmTopicArn', 'alarms', '"alarms" is not the ARN of an SNS topic.'],
  ['alarmTopicArn', arn('sqs', 'a'), ' is not the ARN of an SNS topic.'],
  [
    'webhookUrl',
    'http://hook.example',
    '19 characters) is not an https URL of another machine.',
  ],
  [
    'webhookUrl',
    'http://127.0.0.1:1@hook.example',
    ' is not an https URL of another machine.',
  ],
  [
    'webhookUrl',
    'https://:1',
    '10 characters) is not an https URL of another machine.',
  ],
  ['webhookSecretArn', 'hunter2', 'the value (7 characters) is not an ARN.'],
  ['ledgerKeyArn', 'alias/x', '"alias/x" is not the ARN of a KMS key.'],
  ['secretKeyArns', `${key},x`, '"x" is not the ARN of a KMS key.'],
  ['subnetIds', 'subnet-1', '"subnet-1" is not a valid id.'],
  ['securityGroupIds', ['sg-0a1b2c3d', 'vpc-0a1b2c3d'], '"vpc-0a1b2c3d" is'],
  [
    'kmsVpcEndpointId',
    'vpce',
    '"vpce" is not a valid id. Allowed: vpce- followed by 8 or 17',
  ],
])('%s: %j is refused', (name, value, message) => {
  expect(() => readSettings({ [name]: value })).toThrow(message)
  expect(() => readSettings({ [name]: value })).toThrow(`${name}: `)
})

test('valid values are passed on unchanged', () => {
  const settings = {
    alarmTopicArn: arn('sns', 'alarms'),
    webhookUrl: arn('ssm', 'parameter/hook'),
    webhookSecretArn: arn('secretsmanager', 'secret:hook'),
    ledgerKeyArn: key,
    secretKeyArns: [key, key],
    subnetIds: ['subnet-0a1b2c3d'],
    securityGroupIds: ['sg-0a1b2c3d'],
    kmsVpcEndpointId: 'vpce-0a1b2c3d4e5f60718',
  }
  expect(readSettings(settings)).toEqual(settings)
})
