import { App } from 'aws-cdk-lib'
import { describe, expect, test } from 'vitest'
import { assertFips } from './fips.js'
import { KeywardStack } from './KeywardStack.js'

const chain = { network: 'sepolia', rpcUrl: 'https://rpc.example.org' }
const arn = (service: string, rest: string) =>
  `arn:aws:${service}:us-east-1:123456789012:${rest}`
const inSecret = { ...chain, rpcUrl: arn('secretsmanager', 'secret:rpc') }
const inParameter = {
  ...chain,
  rpcAuth: `bearer:${arn('ssm', 'parameter/token')}`,
}

/** The Regions in which functions with these settings have all FIPS hosts. */
const regions = [
  ...['ca-central-1', 'ca-west-1', 'us-east-1', 'us-west-2'],
  ...['us-gov-east-1', 'us-gov-west-1'],
  ...['ap-east-2', 'ap-southeast-6', 'eu-central-1', 'me-south-1'],
  ...['cn-north-1', 'eusc-de-east-1', 'eu-isoe-west-1'],
  ...['us-iso-east-1', 'us-isob-east-1', 'us-isob-west-1'],
]
const takes = (settings: object) =>
  regions.filter((region) => {
    try {
      assertFips({ ...settings, fips: true }, region)
      return true
    } catch {
      return false
    }
  })
const northAmerica = regions.slice(0, 6)

describe('FIPS is accepted if all services that the functions call have it', () => {
  test('KMS alone', () => {
    const has = [
      ...[...northAmerica, 'eu-central-1', 'me-south-1'],
      ...['eu-isoe-west-1', 'us-iso-east-1', 'us-isob-east-1'],
    ]
    expect(takes({ network: 'sepolia' })).toEqual(has)
    expect(takes({ ...chain, sender: false })).toEqual(has)
  })

  test.each([chain, inSecret, inParameter, { network: 'local' }])(
    'the ledger and secrets too: %j',
    (settings) => expect(takes(settings)).toEqual(northAmerica),
  )

  test('signers that count windows need DynamoDB too', () => {
    const signing = { network: 'sepolia', fips: true }
    expect(() => assertFips(signing, 'eu-central-1', { counts: true })).toThrow(
      'The windows of a policy are counted in DynamoDB',
    )
    assertFips(signing, 'us-east-1', { counts: true })
  })

  test('nothing is refused without the setting', () => {
    assertFips({ ...inSecret }, 'cn-north-1')
    assertFips({ ...inSecret, fips: false }, 'cn-north-1')
  })
})

test('a stack with a known Region is refused at synth, with the way out', () => {
  const make = (region: string | undefined, settings: object) =>
    new KeywardStack(new App(), 'treasury', {
      ...{ administrators: ['arn:aws:iam::123456789012:role/admin'] },
      ...{ network: 'sepolia', fips: true, ...settings },
      ...(region && { env: { account: '123456789012', region } }),
    })
  expect(() => make('eu-central-1', inSecret)).toThrow(
    'fips: DynamoDB (the ledger) and Secrets Manager have no FIPS endpoint ' +
      'in "eu-central-1". Deploy to a Region in the USA or ' +
      'Canada, leave fips out, or leave out rpcUrl, so that the stack only ' +
      'signs and needs only KMS.',
  )
  expect(() => make('ap-east-2', {})).toThrow(
    'fips: KMS has no FIPS endpoint in "ap-east-2". Deploy to another Region, or leave fips out.',
  )
  make('us-gov-west-1', inSecret)
  make('eu-central-1', {})
  make(undefined, inSecret)
})
