import { KMSClient } from '@aws-sdk/client-kms'
import { describe, expect, test } from 'vitest'
import type { Io } from '../Io.js'
import { assertKmsEndpoint } from './assertKmsEndpoint.js'

const credentials = { accessKeyId: 'AKIA', secretAccessKey: 'secret' }
const terminal = (env: Record<string, string> = {}) =>
  ({ env }) as unknown as Io

/** What a person is told, or `allowed`. */
async function ask(
  config: { region: string; endpoint?: string; useFipsEndpoint?: boolean },
  typed?: string,
  env: Record<string, string> = {},
): Promise<string> {
  const client = new KMSClient({ credentials, ...config })
  const { region } = config
  const target = { kind: 'aws', account: '123456789012', region } as const
  try {
    await assertKmsEndpoint(terminal(env), client, target, typed)
    return 'allowed'
  } catch (error) {
    return (error as { shortMessage?: string }).shortMessage ?? String(error)
  } finally {
    client.destroy()
  }
}

describe("KMS's own endpoints", () => {
  test.each([
    ['us-east-1', 'kms.us-east-1.amazonaws.com'],
    ['us-east-1', 'kms-fips.us-east-1.amazonaws.com'],
    ['us-east-1', 'kms.us-east-1.api.aws'],
    ['us-east-1', 'kms-fips.us-east-1.api.aws'],
    ['us-gov-west-1', 'kms.us-gov-west-1.amazonaws.com'],
    ['us-gov-west-1', 'kms-fips.us-gov-west-1.amazonaws.com'],
    ['cn-north-1', 'kms.cn-north-1.amazonaws.com.cn'],
    ['cn-northwest-1', 'kms.cn-northwest-1.api.amazonwebservices.com.cn'],
    ['us-iso-east-1', 'kms.us-iso-east-1.c2s.ic.gov'],
    ['eusc-de-east-1', 'kms.eusc-de-east-1.amazonaws.eu'],
    [
      'eu-west-1',
      'vpce-0fe5b17a0707d6abc-29p5708s.kms.eu-west-1.vpce.amazonaws.com',
    ],
    [
      'eu-west-1',
      'vpce-0fe5b17a0707d6abc-29p5708s-eu-west-1a.kms.eu-west-1.vpce.amazonaws.com',
    ],
    [
      'us-east-1',
      'vpce-0fe5b17a0707d6abc-29p5708s.kms-fips.us-east-1.vpce.amazonaws.com',
    ],
    [
      'cn-north-1',
      'vpce-0fe5b17a0707d6abc-29p5708s.kms.cn-north-1.vpce.amazonaws.com.cn',
    ],
  ])('%s: %s', async (region, host) => {
    expect(await ask({ region, endpoint: `https://${host}` })).toBe('allowed')
  })

  test("the Region's own by default, also with FIPS", async () => {
    expect(await ask({ region: 'ap-south-1' })).toBe('allowed')
    const useFipsEndpoint = true
    expect(await ask({ region: 'us-east-2', useFipsEndpoint })).toBe('allowed')
  })
})

const lookAlikes = [
  'https://kms.us-east-1.amazonaws.com.evil.example',
  'https://kms-us-east-1.amazonaws.com',
  'https://kms.us-east-1.amazonaws.co',
  'https://kms.us-east-1.amazonaws.com.cn',
  'https://kms.us-east-1.arnazonaws.com',
  'https://kms.us-east-1.amazonaws.com.',
  'https://kms.us-east-1.amazonaws.com:8443',
  'https://kms.us-east-2.amazonaws.com',
  'https://xkms.us-east-1.amazonaws.com',
  'https://evil.kms.us-east-1.amazonaws.com',
  'https://kms.us-east-1.evil.amazonaws.com',
  'https://kms.us-east-1.aws',
  'https://sts.us-east-1.amazonaws.com',
  'https://bucket.s3.us-east-1.amazonaws.com',
  // Another company's service behind PrivateLink.
  'https://vpce-0fe5b17a-29p5708s.vpce-svc-0123.us-east-1.vpce.amazonaws.com',
  'https://vpce-0fe5b17a-29p5708s.evil.kms.us-east-1.vpce.amazonaws.com',
  'https://vpce-0fe5b17a-29p5708s.kms.us-east-1.vpce.amazonaws.com.evil.example',
  'https://127.0.0.1:4566',
  'https://169.254.169.254',
  'http://127.0.0.1:4566',
]

describe('everything else', () => {
  test.each(lookAlikes)('%s is refused', async (endpoint) => {
    expect(await ask({ region: 'us-east-1', endpoint })).toBe(
      `The endpoint "${new URL(endpoint).origin}" is not one of KMS's own.`,
    )
  })

  test.each(lookAlikes)(
    '%s is allowed if named explicitly',
    async (endpoint) => {
      const { host, hostname } = new URL(endpoint)
      const config = { region: 'us-east-1', endpoint }
      expect(await ask(config, host)).toBe('allowed')
      expect(await ask(config, hostname)).toBe('allowed')
      for (const other of ['', 'kms.us-east-1.amazonaws.co', `x${host}`, '*'])
        if (other !== host && other !== hostname)
          expect(await ask(config, other)).toContain('is not one of KMS')
    },
  )

  test('plain http to another machine is refused, named or not', async () => {
    const config = {
      region: 'us-east-1',
      endpoint: 'http://kms.us-east-1.amazonaws.com',
    }
    for (const typed of [undefined, 'kms.us-east-1.amazonaws.com'])
      expect(await ask(config, typed)).toBe(
        'The AWS endpoint "http://kms.us-east-1.amazonaws.com" is not allowed.',
      )
  })

  test('without certificate checks no host is accepted', async () => {
    const env = { NODE_TLS_REJECT_UNAUTHORIZED: '0' }
    const endpoint = 'https://example.com'
    const refused =
      'NODE_TLS_REJECT_UNAUTHORIZED=0 turns off the certificate check.'
    expect(await ask({ region: 'us-east-1' }, undefined, env)).toBe(refused)
    expect(
      await ask({ region: 'us-east-1', endpoint }, 'example.com', env),
    ).toBe(refused)
  })
})
