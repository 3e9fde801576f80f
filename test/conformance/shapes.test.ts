import {
  createHash,
  createPrivateKey,
  createPublicKey,
  verify,
} from 'node:crypto'
import {
  paginateListAliases,
  paginateListKeys,
  paginateListResourceTags,
} from '@aws-sdk/client-kms'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { soak } from '../support/tools.js'
import { newPkcs8 } from '../support/wrapKeyMaterial.js'
import { type Key, type KmsUnderTest, newAlias, openKms } from './openKms.js'

// What a success looks like, member by member, through the SDK.

let kms: KmsUnderTest
let key: Key
let account: string
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const bytes = expect.any(Uint8Array)

beforeAll(async () => {
  kms = await openKms(12)
  key = await kms.createKey({ Description: 'd' })
  account = key.arn.split(':')[4] ?? ''
})
afterAll(() => kms.close())

const describeKey = async (KeyId: string) =>
  (await kms.ok('DescribeKey', { KeyId })).KeyMetadata

const publicKeyOf = async (KeyId: string) =>
  createPublicKey({
    key: Buffer.from(
      (await kms.ok('GetPublicKey', { KeyId })).PublicKey as Uint8Array,
    ),
    format: 'der',
    type: 'spki',
  })

const metadata = ({ keyId, arn }: Key) => ({
  AWSAccountId: account,
  Arn: arn,
  CreationDate: expect.any(Date),
  CustomerMasterKeySpec: 'ECC_SECG_P256K1',
  Description: 'd',
  Enabled: true,
  KeyId: keyId,
  KeyManager: 'CUSTOMER',
  KeySpec: 'ECC_SECG_P256K1',
  KeyState: 'Enabled',
  KeyUsage: 'SIGN_VERIFY',
  MultiRegion: false,
  Origin: 'AWS_KMS',
  SigningAlgorithms: ['ECDSA_SHA_256'],
})

test('a key: ids are bare in metadata, and ARNs elsewhere', async () => {
  const made = await kms.send('CreateKey', {
    KeySpec: 'ECC_SECG_P256K1',
    KeyUsage: 'SIGN_VERIFY',
    Description: 'd',
  })
  const { KeyMetadata } = made.output as { KeyMetadata: { KeyId: string } }
  const arn = key.arn.replace(key.keyId, KeyMetadata.KeyId)
  expect(made).toEqual({
    status: 200,
    requestId: expect.stringMatching(uuid),
    output: { KeyMetadata: metadata({ keyId: KeyMetadata.KeyId, arn }) },
  })
  expect(KeyMetadata.KeyId).toMatch(uuid)
  expect(await describeKey(arn)).toEqual(KeyMetadata)
  expect(await kms.ok('GetPublicKey', { KeyId: KeyMetadata.KeyId })).toEqual({
    KeyId: arn,
    PublicKey: bytes,
    CustomerMasterKeySpec: 'ECC_SECG_P256K1',
    KeySpec: 'ECC_SECG_P256K1',
    KeyUsage: 'SIGN_VERIFY',
    SigningAlgorithms: ['ECDSA_SHA_256'],
  })
})

describe('signatures', () => {
  const message = Buffer.from('a message')
  const digest = createHash('sha256').update(message).digest()
  const SigningAlgorithm = 'ECDSA_SHA_256'

  test.each([
    ['RAW', message],
    ['DIGEST', digest],
    [undefined, message],
  ])('%s', async (MessageType, Message) => {
    const asked = {
      KeyId: key.keyId,
      Message,
      SigningAlgorithm,
      ...(MessageType && { MessageType }),
    }
    const answer = await kms.ok('Sign', asked)
    expect(answer).toEqual({
      KeyId: key.arn,
      Signature: bytes,
      SigningAlgorithm,
    })
    const Signature = answer.Signature as Uint8Array
    expect(
      verify('sha256', message, await publicKeyOf(key.arn), Signature),
    ).toBe(true)
    expect(await kms.ok('Verify', { ...asked, Signature })).toEqual({
      KeyId: key.arn,
      SignatureValid: true,
      SigningAlgorithm,
    })
    const wrong = Uint8Array.from(Signature)
    wrong[wrong.length - 1] = (wrong.at(-1) ?? 0) ^ 1
    expect(
      await kms.send('Verify', { ...asked, Signature: wrong }),
    ).toMatchObject({ status: 400, type: 'KMSInvalidSignatureException' })
  })

  test('a digest is signed as it is, differently each time, s high and low', async () => {
    const seen = new Set<string>()
    const high: boolean[] = []
    for (let i = 0; i < 40; i++) {
      const { Signature } = await kms.ok('Sign', {
        KeyId: key.keyId,
        Message: digest,
        MessageType: 'DIGEST',
        SigningAlgorithm,
      })
      const der = Buffer.from(Signature as Uint8Array)
      seen.add(der.toString('hex'))
      // The last INTEGER is s; 0x7f.. of 32 bytes and above it is over n/2.
      const s = der.subarray(4 + (der[3] ?? 0) + 2)
      high.push(
        BigInt(`0x${s.toString('hex')}`) >
          0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n,
      )
    }
    expect(seen.size).toBe(40)
    // Both sides of n/2: one side alone has a chance of 2 to the -39.
    expect(new Set(high)).toEqual(new Set([true, false]))
  })

  test('all four names of a key', async () => {
    const AliasName = newAlias()
    await kms.ok('CreateAlias', { AliasName, TargetKeyId: key.keyId })
    const place = key.arn.replace(/key\/.*$/, '')
    for (const KeyId of [key.keyId, key.arn, AliasName, place + AliasName]) {
      const asked = {
        KeyId,
        Message: digest,
        MessageType: 'DIGEST',
        SigningAlgorithm,
      }
      const { Signature } = await kms.ok('Sign', asked)
      const answers = [
        await kms.ok('Sign', asked),
        await kms.ok('Verify', { ...asked, Signature }),
        await kms.ok('GetPublicKey', { KeyId }),
      ]
      for (const answer of answers) expect(answer.KeyId).toBe(key.arn)
      expect(await describeKey(KeyId)).toMatchObject({ KeyId: key.keyId })
    }
  })
})

describe('import', () => {
  test.each([
    ['RSAES_OAEP_SHA_1', 'RSA_2048'],
    ['RSAES_OAEP_SHA_256', soak ? 'RSA_3072' : 'RSA_2048'],
    ['RSA_AES_KEY_WRAP_SHA_1', 'RSA_2048'],
    ['RSA_AES_KEY_WRAP_SHA_256', soak ? 'RSA_4096' : 'RSA_2048'],
  ])('%s under %s', async (algorithm, spec) => {
    const external = await kms.createKey({
      Origin: 'EXTERNAL',
      Description: 'd',
    })
    const KeyId = external.keyId
    const pending = {
      ...metadata(external),
      Origin: 'EXTERNAL',
      Enabled: false,
      KeyState: 'PendingImport',
    }
    expect(await describeKey(KeyId)).toEqual(pending)
    const pkcs8 = newPkcs8()
    const imported = await kms.importKey(KeyId, pkcs8, { algorithm, spec })
    expect(imported).toMatchObject({
      status: 200,
      output: { KeyId: external.arn },
    })
    expect(await describeKey(KeyId)).toEqual({
      ...pending,
      Enabled: true,
      KeyState: 'Enabled',
      ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
    })
    const own = createPublicKey(
      createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }),
    )
    expect((await publicKeyOf(KeyId)).equals(own)).toBe(true)
    // The same again is welcome, other material never is.
    expect(await kms.importKey(KeyId, pkcs8)).toMatchObject({ status: 200 })
    expect(await kms.importKey(KeyId, newPkcs8())).toMatchObject({
      status: 400,
      type: 'IncorrectKeyMaterialException',
    })
    expect(
      await kms.send('DeleteImportedKeyMaterial', { KeyId }),
    ).toMatchObject({ status: 200 })
    expect(await describeKey(KeyId)).toEqual(pending)
  })

  test('parameters, expiry, and what a wrong hash or token ends in', async () => {
    const external = await kms.createKey({ Origin: 'EXTERNAL' })
    const KeyId = external.keyId
    const wrapping = {
      KeyId,
      WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
      WrappingKeySpec: 'RSA_2048',
    }
    const set = await kms.ok('GetParametersForImport', wrapping)
    expect(set).toEqual({
      KeyId: external.arn,
      ImportToken: bytes,
      PublicKey: bytes,
      ParametersValidTo: expect.any(Date),
    })
    const validMs = (set.ParametersValidTo as Date).getTime() - Date.now()
    expect(Math.abs(validMs - 86_400_000)).toBeLessThan(60_000)
    const put = {
      KeyId,
      ImportToken: set.ImportToken,
      EncryptedKeyMaterial: Buffer.alloc(256, 1),
      ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
    }
    expect(await kms.send('ImportKeyMaterial', put)).toMatchObject({
      type: 'InvalidCiphertextException',
    })
    const ImportToken = Uint8Array.from(set.ImportToken as Uint8Array)
    ImportToken[20] = (ImportToken[20] ?? 0) ^ 1
    expect(
      await kms.send('ImportKeyMaterial', { ...put, ImportToken }),
    ).toMatchObject({ type: 'InvalidImportTokenException' })
    const ValidTo = new Date(Math.ceil(Date.now() / 1000) * 1000 + 3_600_000)
    const extra = { ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo }
    expect(await kms.importKey(KeyId, newPkcs8(), { extra })).toMatchObject({
      status: 200,
    })
    expect(await describeKey(KeyId)).toMatchObject({
      KeyState: 'Enabled',
      ...extra,
    })
  })
})

test('deletion is told by its date, and can be cancelled', async () => {
  const { keyId, arn } = await kms.createKey()
  const PendingWindowInDays = 7
  const scheduled = await kms.ok('ScheduleKeyDeletion', {
    KeyId: keyId,
    PendingWindowInDays,
  })
  expect(scheduled).toEqual({
    KeyId: arn,
    DeletionDate: expect.any(Date),
    KeyState: 'PendingDeletion',
    PendingWindowInDays,
  })
  expect(await describeKey(keyId)).toMatchObject({
    DeletionDate: scheduled.DeletionDate,
    Enabled: false,
  })
  expect(await kms.ok('CancelKeyDeletion', { KeyId: keyId })).toEqual({
    KeyId: arn,
  })
})

test('operations without output answer 200 with an empty body', async () => {
  const AliasName = newAlias()
  const alias = { AliasName, TargetKeyId: key.keyId }
  const KeyId = key.keyId
  const Tags = [{ TagKey: 'a', TagValue: 'b' }]
  for (const [operation, body] of [
    ['CreateAlias', alias],
    ['UpdateAlias', alias],
    ['DeleteAlias', { AliasName }],
    ['DisableKey', { KeyId }],
    ['EnableKey', { KeyId }],
    ['TagResource', { KeyId, Tags }],
    ['UntagResource', { KeyId, TagKeys: ['a'] }],
    ['UpdateKeyDescription', { KeyId, Description: 'd' }],
  ] as const) {
    const answer = await kms.wire({ operation, body })
    expect([operation, answer.status, answer.body]).toEqual([
      operation,
      200,
      '',
    ])
    expect(answer.headers['x-amzn-requestid']).toMatch(uuid)
  }
})

test('policies and tags come back as they were put', async () => {
  const KeyId = key.keyId
  const first = await kms.ok('GetKeyPolicy', { KeyId })
  expect(first).toEqual({ Policy: expect.any(String), PolicyName: 'default' })
  expect(JSON.parse(String(first.Policy))).toMatchObject({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${account}:root` },
        Action: 'kms:*',
        Resource: '*',
      },
    ],
  })
  await kms.ok('PutKeyPolicy', { KeyId, Policy: first.Policy })
  expect(await kms.ok('GetKeyPolicy', { KeyId })).toEqual(first)
  expect(await kms.ok('ListKeyPolicies', { KeyId })).toEqual({
    PolicyNames: ['default'],
    Truncated: false,
  })
  const Tags = ['b', 'a', 'c'].map((TagKey) => ({ TagKey, TagValue: 'v' }))
  await kms.ok('TagResource', { KeyId, Tags })
  const seen: (string | undefined)[] = []
  for await (const page of paginateListResourceTags(
    { client: kms.client, pageSize: 2 },
    { KeyId },
  ))
    seen.push(...(page.Tags ?? []).map(({ TagKey }) => TagKey))
  expect(seen.sort()).toEqual(['a', 'b', 'c'])
})

test('paging visits every key and alias once', async () => {
  const names = [newAlias(), newAlias(), newAlias()]
  for (const AliasName of names)
    await kms.ok('CreateAlias', { AliasName, TargetKeyId: key.keyId })
  const config = { client: kms.client, pageSize: 2 }
  const keys: (string | undefined)[] = []
  for await (const page of paginateListKeys(config, {}))
    keys.push(...(page.Keys ?? []).map(({ KeyArn }) => KeyArn))
  expect(new Set(keys).size).toBe(keys.length)
  expect(keys).toContain(key.arn)
  const aliases: (string | undefined)[] = []
  const ofKey = { KeyId: key.keyId }
  for await (const page of paginateListAliases(config, ofKey))
    for (const alias of page.Aliases ?? []) {
      aliases.push(alias.AliasName)
      expect(alias).toEqual({
        AliasName: alias.AliasName,
        AliasArn: key.arn.replace(/key\/.*$/, alias.AliasName ?? ''),
        TargetKeyId: key.keyId,
        CreationDate: expect.any(Date),
        LastUpdatedDate: expect.any(Date),
      })
    }
  expect(new Set(aliases).size).toBe(aliases.length)
  expect(aliases).toEqual(expect.arrayContaining(names))
})
