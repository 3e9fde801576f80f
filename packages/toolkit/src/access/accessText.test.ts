import { KeyPolicy } from '@keyward/iam/review'
import { expect, test } from 'vitest'
import { rolesText } from './accessText.js'

test('each ARN has a line of its own, which fits a terminal', () => {
  const arn =
    'arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555'
  const admin = 'arn:aws:iam::123456789012:role/key-admin'
  const roles = {
    ...{ administrators: [admin], users: [], importers: [], breakGlass: [] },
    ...{ deployers: [], goesWithStack: false, importExpiration: 'any' },
    minimumDeletionWindowDays: 30,
  } as const
  const key = {
    ...{ arn, account: '123456789012', region: 'eu-central-1' },
    ...{ partition: 'aws', origin: 'AWS_KMS', multiRegion: false },
  }
  const policyText = '{}'
  const access = {
    ...{ key, state: 'Enabled', policyText, grants: [] },
    policy: KeyPolicy.parse(policyText),
  }
  const meant = { roles, assumed: ['administrators'] }
  expect(rolesText(access as never, meant as never)).toBe(`key
  ${arn}
  Enabled, origin AWS_KMS
admin (assumed)
  ${admin}
user: nobody
importer: nobody
break-glass: nobody
deployer: nobody`)
})
