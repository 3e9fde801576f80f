import { KMSClient } from '@aws-sdk/client-kms'
import { describe, expect, test } from 'vitest'
import { kms } from '../kms/kmsService.js'
import * as Partition from './Partition.js'
import { resolveEndpoint } from './resolveEndpoint.js'

const regions = [
  'us-east-1',
  'eu-central-2',
  'ap-southeast-7',
  'il-central-1',
  'mx-central-1',
  'us-gov-west-1',
  'us-gov-east-1',
  'cn-north-1',
  'cn-northwest-1',
  'us-iso-east-1',
  'us-iso-west-1',
  'us-isob-east-1',
  'us-isof-south-1',
  'eu-isoe-west-1',
  'eusc-de-east-1',
]

describe('the Region decides as in the AWS SDK', () => {
  for (const useFipsEndpoint of [false, true])
    test.each(regions)(`%s, FIPS ${useFipsEndpoint}`, (region) => {
      const client = new KMSClient({ region })
      const { url } = client.config.endpointProvider({
        Region: region,
        UseFIPS: useFipsEndpoint,
        UseDualStack: false,
      })
      client.destroy()
      const environment = useFipsEndpoint
        ? { AWS_USE_FIPS_ENDPOINT: 'true' }
        : {}
      expect(resolveEndpoint(kms, region, environment).href).toBe(
        new URL(url.href).href,
      )
    })
})

const resolve = (environment: Record<string, string>, given?: string) =>
  resolveEndpoint(kms, 'us-east-1', environment, given).origin

// botocore's rules for these say so; the SDK's client of DynamoDB as well.
test.each(['us-gov-west-1', 'us-gov-east-1'])(
  'in %s, DynamoDB and SSM have no separate FIPS hosts',
  (region) => {
    const hostOf = (name: string) =>
      resolveEndpoint({ ...kms, name }, region, {
        AWS_USE_FIPS_ENDPOINT: 'true',
      }).host
    expect(['dynamodb', 'ssm', 'secretsmanager', 'kms'].map(hostOf)).toEqual([
      `dynamodb.${region}.amazonaws.com`,
      `ssm.${region}.amazonaws.com`,
      `secretsmanager-fips.${region}.amazonaws.com`,
      `kms-fips.${region}.amazonaws.com`,
    ])
  },
)

test("the table of partitions is the AWS SDK's", () => {
  for (const region of regions) {
    const client = new KMSClient({ region })
    const host = (UseFIPS: boolean, UseDualStack: boolean) =>
      client.config.endpointProvider({ Region: region, UseFIPS, UseDualStack })
        .url.host
    const { dnsSuffix, dualStackDnsSuffix } = Partition.ofRegion(region)
    expect([host(false, false), host(true, true)]).toEqual([
      `kms.${region}.${dnsSuffix}`,
      `kms-fips.${region}.${dualStackDnsSuffix}`,
    ])
    client.destroy()
  }
  expect(regions.map((region) => Partition.ofRegion(region).id)).toEqual([
    ...Array(5).fill('aws'),
    ...Array(2).fill('aws-us-gov'),
    ...Array(2).fill('aws-cn'),
    ...['aws-iso', 'aws-iso', 'aws-iso-b', 'aws-iso-f', 'aws-iso-e'],
    'aws-eusc',
  ])
})

describe('settings', () => {
  const own = 'http://127.0.0.1:1'
  const all = 'http://127.0.0.1:2'
  const both = { AWS_ENDPOINT_URL_KMS: own, AWS_ENDPOINT_URL: all }

  test('an option overrides the variables, and the KMS variable overrides the general one', () => {
    expect(resolve(both, 'https://kms.example')).toBe('https://kms.example')
    expect(resolve(both)).toBe(own)
    expect(resolve({ AWS_ENDPOINT_URL: all })).toBe(all)
    expect(resolve({ AWS_ENDPOINT_URL: '' })).toBe(
      'https://kms.us-east-1.amazonaws.com',
    )
    const ignore = { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' }
    expect(resolve({ ...both, ...ignore })).toBe(
      'https://kms.us-east-1.amazonaws.com',
    )
  })

  test.each([
    'http://127.0.0.1:4566',
    'http://127.9.9.9',
    'http://localhost:1',
    'http://[::1]:4566',
  ])('%s is this machine', (url) => {
    expect(resolve({}, url)).toBe(url)
  })

  test.each([
    ['http://10.0.0.1:4566', 'http://10.0.0.1:4566'],
    ['http://localhost.example', 'http://localhost.example'],
    ['http://127.0.0.1.example', 'http://127.0.0.1.example'],
    ['http://0.0.0.0', 'http://0.0.0.0'],
    ['http://user:secret@kms.example/path?token=1', 'http://kms.example'],
  ])('%s is plain http to another machine', (url, shown) => {
    expect(() => resolve({}, url)).toThrow(
      `The KMS client is misconfigured: the KMS endpoint ${shown} uses plain http, which is accepted only on loopback; use https.
See docs/errors/kms-configuration.md`,
    )
  })

  test.each([
    'https://kms.example/path',
    'https://kms.example/?token=secret',
    'https://user:secret@kms.example',
  ])('%s is more than an origin', (url) => {
    expect(() => resolve({}, url)).toThrow(
      `The KMS client is misconfigured: the KMS endpoint https://kms.example must not have a path, query, fragment or user.
See docs/errors/kms-configuration.md`,
    )
  })

  test.each(['', 'kms', 'ftp://127.0.0.1', 'file:///etc/passwd'])(
    '%o is not a URL of KMS',
    (url) => {
      expect(() => resolve({}, url)).toThrow(
        `The KMS client is misconfigured: the KMS endpoint is not an http(s) URL.
See docs/errors/kms-configuration.md`,
      )
    },
  )
})
