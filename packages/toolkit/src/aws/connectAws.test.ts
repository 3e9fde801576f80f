import { expect, test } from 'vitest'
import { isOwnHost } from './connectAws.js'

test.each([
  ['kms.eu-central-1.amazonaws.com', 'eu-central-1', true],
  ['kms-fips.us-gov-west-1.amazonaws.com', 'us-gov-west-1', true],
  ['kms-fips.us-east-1.api.aws', 'us-east-1', true],
  ['kms.cn-north-1.amazonaws.com.cn', 'cn-north-1', true],
  ['kms.eusc-de-east-1.amazonaws.eu', 'eusc-de-east-1', true],
  ['kms.us-isob-east-1.sc2s.sgov.gov', 'us-isob-east-1', true],
  // Of another Region or partition, and what only looks like one.
  ['kms.eu-central-1.amazonaws.com', 'eu-west-1', false],
  ['kms.eusc-de-east-1.amazonaws.com', 'eusc-de-east-1', false],
  ['kms.us-east-1.amazonaws.com.example', 'us-east-1', false],
  ['127.0.0.1', 'us-east-1', false],
])('%s is KMS itself in %s: %s', (host, region, isOwn) => {
  expect(isOwnHost(host, region)).toBe(isOwn)
})
