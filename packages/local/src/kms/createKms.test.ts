import {
  chmodSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createTestKms } from '../../../../test/support/createTestKms.js'
import { openTestKms, operator } from '../../../../test/support/openTestKms.js'
import {
  importKey,
  newPkcs8,
} from '../../../../test/support/wrapKeyMaterial.js'
import { AwsError } from '../protocol/Service.js'

const digest = {
  Message: Buffer.alloc(32, 1).toString('base64'),
  MessageType: 'DIGEST',
  SigningAlgorithm: 'ECDSA_SHA_256',
}

describe('paging', () => {
  test('visits every key once, in pages, while keys come', async () => {
    const aws = createTestKms()
    const made = new Set<string>()
    for (let i = 0; i < 7; i += 1) made.add((await aws.createKey()).keyId)
    const seen: string[] = []
    let page: Record<string, unknown> = { NextMarker: undefined }
    do {
      page = await aws.ok('ListKeys', { Limit: 3, Marker: page.NextMarker })
      const keys = page.Keys as { KeyId: string; KeyArn: string }[]
      expect(keys.length).toBeLessThanOrEqual(3)
      for (const { KeyId, KeyArn } of keys) {
        expect(KeyArn).toBe(`arn:aws:kms:us-east-1:000000000000:key/${KeyId}`)
        seen.push(KeyId)
      }
      await aws.createKey()
    } while (page.Truncated === true)
    expect(page).not.toHaveProperty('NextMarker')
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen).toEqual(expect.arrayContaining([...made]))
    aws.kms.close()
  })

  test('keeps a marker to its list and over a restart', async () => {
    const aws = createTestKms()
    const { keyId } = await aws.createKey()
    for (const name of ['b', 'a', 'c'])
      await aws.ok('CreateAlias', {
        AliasName: `alias/${name}`,
        TargetKeyId: keyId,
      })
    const first = await aws.ok('ListAliases', { Limit: 2 })
    const alias = (name: string) => ({
      AliasName: `alias/${name}`,
      AliasArn: `arn:aws:kms:us-east-1:000000000000:alias/${name}`,
      TargetKeyId: keyId,
      CreationDate: aws.clock.now / 1000,
      LastUpdatedDate: aws.clock.now / 1000,
    })
    expect(first).toEqual({
      Aliases: [alias('a'), alias('b')],
      Truncated: true,
      NextMarker: expect.any(String),
    })
    const Marker = first.NextMarker
    expect(await aws.send('ListKeys', { Marker })).toMatchObject({
      body: { __type: 'InvalidMarkerException' },
    })
    const again = aws.reopen()
    expect(await again.ok('ListAliases', { KeyId: keyId, Marker })).toEqual({
      Aliases: [alias('c')],
      Truncated: false,
    })
    again.kms.close()
  })
})

describe('policies', () => {
  test('are asked with the condition keys of the request', async () => {
    const aws = createTestKms()
    const key = await aws.createKey({
      Tags: [{ TagKey: 'team', TagValue: 'red' }],
    })
    await aws.ok('CreateAlias', {
      AliasName: 'alias/a',
      TargetKeyId: key.keyId,
    })
    aws.asked.length = 0
    await aws.ok('Sign', { KeyId: 'alias/a', ...digest })
    const { Policy } = await aws.ok('GetKeyPolicy', { KeyId: key.keyId })
    expect(aws.asked[0]).toEqual({
      principal: operator,
      action: 'kms:Sign',
      resource: key.arn,
      resourcePolicy: Policy,
      context: {
        'kms:CallerAccount': '000000000000',
        'kms:KeySpec': 'ECC_SECG_P256K1',
        'kms:KeyUsage': 'SIGN_VERIFY',
        'kms:KeyOrigin': 'AWS_KMS',
        'kms:MultiRegion': 'false',
        'aws:ResourceTag/team': 'red',
        'kms:RequestAlias': 'alias/a',
        'kms:SigningAlgorithm': 'ECDSA_SHA_256',
        'kms:MessageType': 'DIGEST',
      },
    })
    aws.kms.close()
  })

  test('see what import, deletion and policies ask for', async () => {
    const aws = createTestKms()
    const { keyId } = await aws.createKey({ Origin: 'EXTERNAL' })
    const ValidTo = aws.clock.now / 1000 + 3600
    await importKey(aws, keyId, newPkcs8(), {
      extra: { ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo },
    })
    await aws.ok('PutKeyPolicy', {
      KeyId: keyId,
      Policy: JSON.stringify({
        Statement: {
          Effect: 'Allow',
          Principal: { AWS: operator.arn },
          Action: 'kms:*',
          Resource: '*',
        },
      }),
      BypassPolicyLockoutSafetyCheck: true,
    })
    await aws.ok('ScheduleKeyDeletion', { KeyId: keyId })
    const own = aws.asked.map(({ action, context = {} }) => {
      const names = Object.entries(context).filter(
        ([name]) =>
          !/^kms:(CallerAccount|Key(Spec|Usage|Origin)|MultiRegion)$/.test(
            name,
          ),
      )
      return [action, Object.fromEntries(names)]
    })
    expect(own).toEqual([
      ['kms:CreateKey', { 'kms:BypassPolicyLockoutSafetyCheck': 'false' }],
      [
        'kms:GetParametersForImport',
        {
          'kms:WrappingAlgorithm': 'RSAES_OAEP_SHA_256',
          'kms:WrappingKeySpec': 'RSA_2048',
        },
      ],
      [
        'kms:ImportKeyMaterial',
        {
          'kms:ExpirationModel': 'KEY_MATERIAL_EXPIRES',
          'kms:ValidTo': '2026-01-02T04:04:05.678Z',
        },
      ],
      ['kms:PutKeyPolicy', { 'kms:BypassPolicyLockoutSafetyCheck': 'true' }],
      [
        'kms:ScheduleKeyDeletion',
        { 'kms:ScheduleKeyDeletionPendingWindowInDays': '30' },
      ],
    ])
    aws.kms.close()
  })

  test('deny before the state of the key shows', async () => {
    const denied = new Set<string>()
    const aws = createTestKms({
      authorize: ({ action }) => {
        if (denied.has(action))
          throw new AwsError('AccessDeniedException', `no ${action}`)
      },
    })
    const { keyId } = await aws.createKey()
    await aws.ok('DisableKey', { KeyId: keyId })
    denied.add('kms:Sign').add('kms:PutKeyPolicy')
    expect(await aws.send('Sign', { KeyId: keyId, ...digest })).toEqual({
      status: 400,
      body: { __type: 'AccessDeniedException', message: 'no kms:Sign' },
    })
    const Policy = JSON.stringify({
      Statement: [
        { Effect: 'Allow', Principal: '*', Action: 'kms:*', Resource: '*' },
      ],
    })
    const spec = { KeySpec: 'ECC_SECG_P256K1', KeyUsage: 'SIGN_VERIFY' }
    expect(await aws.send('CreateKey', { ...spec, Policy })).toEqual({
      status: 400,
      body: {
        __type: 'MalformedPolicyDocumentException',
        message:
          'The new key policy will not allow you to update the key policy in the future.',
      },
    })
    expect(
      await aws.send('CreateKey', {
        ...spec,
        Policy,
        BypassPolicyLockoutSafetyCheck: true,
      }),
    ).toMatchObject({ status: 200 })
    aws.kms.close()
  })
})

describe('bad days', () => {
  test('throttle cryptographic requests above the rate', async () => {
    const aws = createTestKms()
    const { keyId } = await aws.createKey()
    const sign = () => aws.send('Sign', { KeyId: keyId, ...digest })
    aws.faults.kmsThrottle = 3
    for (let i = 0; i < 3; i += 1)
      expect(await sign()).toMatchObject({ status: 200 })
    expect(await sign()).toEqual({
      status: 400,
      body: {
        __type: 'ThrottlingException',
        message:
          'You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.',
      },
    })
    expect(await aws.ok('DescribeKey', { KeyId: keyId })).toBeDefined()
    aws.clock.now += 334
    expect(await sign()).toMatchObject({ status: 200 })
    expect(await sign()).toMatchObject({ status: 400 })
    aws.faults.kmsThrottle = 0
    expect(await sign()).toMatchObject({ status: 200 })
    aws.kms.close()
  })

  test('answer internal errors and come late', async () => {
    const aws = createTestKms()
    aws.faults.kmsErrorRate = 1
    expect(await aws.send('ListKeys')).toEqual({
      status: 500,
      body: { __type: 'KMSInternalException' },
    })
    aws.faults.kmsErrorRate = 0
    aws.faults.kmsLatencyMs = 60
    const start = performance.now()
    await aws.ok('ListKeys')
    expect(performance.now() - start).toBeGreaterThanOrEqual(59)
    aws.kms.close()
  })
})

test('two racing CreateAlias give one alias', async () => {
  const aws = createTestKms()
  const keys = [await aws.createKey(), await aws.createKey()]
  const replies = await Promise.all(
    keys.map(({ keyId }) =>
      aws.send('CreateAlias', { AliasName: 'alias/a', TargetKeyId: keyId }),
    ),
  )
  expect(replies).toEqual([
    { status: 200, body: {} },
    {
      status: 400,
      body: {
        __type: 'AlreadyExistsException',
        message:
          'An alias with the name arn:aws:kms:us-east-1:000000000000:alias/a already exists',
      },
    },
  ])
  aws.kms.close()
})

test('the home calls operations without the wire', async () => {
  const aws = createTestKms()
  const made = await aws.kms.call(
    'CreateKey',
    { KeySpec: 'ECC_SECG_P256K1', KeyUsage: 'SIGN_VERIFY' },
    operator,
  )
  const { KeyId, Arn } = made.KeyMetadata as { KeyId: string; Arn: string }
  const alias = { AliasName: 'alias/home', TargetKeyId: KeyId }
  expect(await aws.kms.call('CreateAlias', alias, operator)).toEqual({})
  expect(aws.kms.keys()).toEqual([
    {
      keyId: KeyId,
      arn: Arn,
      state: 'Enabled',
      aliases: ['alias/home'],
      publicKey: expect.any(Uint8Array),
    },
  ])
  await expect(aws.kms.call('CreateAlias', alias, operator)).rejects.toThrow(
    'already exists',
  )
  aws.kms.close()
})

describe('the folder', () => {
  test('is private, holds no key in words, and is read whole or not at all', async () => {
    const aws = createTestKms()
    const { keyId } = await aws.createKey()
    const folder = join(aws.dataDir, 'kms', 'keys')
    const file = join(folder, keyId)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    writeFileSync(`${file}.0.tmp`, 'half')
    const again = aws.reopen()
    expect(readdirSync(folder)).toEqual([keyId])
    await again.ok('Sign', { KeyId: keyId, ...digest })
    again.kms.close()

    const whole = readFileSync(file)
    chmodSync(file, 0o600)
    writeFileSync(file, whole.subarray(0, whole.length - 1))
    expect(() => openTestKms(aws.dataDir)).toThrow(
      `The key file ${file} can't be read. Restore it from a backup, or move it elsewhere to start without this key.`,
    )
  })
})
