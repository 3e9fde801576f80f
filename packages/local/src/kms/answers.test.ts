import { afterAll, expect, test } from 'vitest'
import {
  awsAnswers,
  fill,
  ownAnswers,
  tag,
} from '../../../../test/conformance/rows/answers.js'
import { createTestKms } from '../../../../test/support/createTestKms.js'
import { operator, type Reply } from '../../../../test/support/openTestKms.js'
import {
  importKey,
  newPkcs8,
} from '../../../../test/support/wrapKeyMaterial.js'

// Every answer below HTTP; test/conformance checks the same over the wire.

const aws = createTestKms()
const key = await aws.createKey()
const other = await aws.createKey()
const disabled = await aws.createKey()
const leaving = await aws.createKey()
const empty = await aws.createKey({ Origin: 'EXTERNAL' })
await aws.ok('DisableKey', { KeyId: disabled.keyId })
await aws.ok('ScheduleKeyDeletion', { KeyId: leaving.keyId })
await aws.ok('CreateAlias', {
  AliasName: 'alias/taken',
  TargetKeyId: key.keyId,
})
afterAll(() => aws.kms.close())

const place = 'arn:aws:kms:us-east-1:000000000000'
const names: Record<string, string> = {
  '<alias>': 'alias/taken',
  '<place>': place,
  '<account>': '000000000000',
  '<caller>': operator.arn,
  '<root>': 'arn:aws:iam::000000000000:root',
  '<key>': key.keyId,
  '<keyArn>': key.arn,
  '<other>': other.keyId,
  '<otherArn>': other.arn,
  '<disabled>': disabled.keyId,
  '<disabledArn>': disabled.arn,
  '<leaving>': leaving.keyId,
  '<leavingArn>': leaving.arn,
  '<empty>': empty.keyId,
  '<emptyArn>': empty.arn,
}
test.each([...awsAnswers, ...ownAnswers])(
  '%s: %s',
  async (_what, operation, input, type, text) => {
    const filled =
      typeof input === 'string'
        ? input
        : JSON.parse(fill(JSON.stringify(input), names))
    const reply = await aws.send(operation, filled)
    const expected: Reply = {
      status: 400,
      body: {
        __type: type,
        ...(text !== undefined && { message: fill(text, names) }),
      },
    }
    // AWS returns only the type; the home lists its operations.
    if (type === 'UnknownOperationException')
      expect(reply).toEqual({
        status: 400,
        body: { __type: type, message: expect.stringContaining('CreateKey') },
      })
    else expect(reply).toEqual(expected)
  },
)

test('operations without output answer an empty body', async () => {
  const answer = async (operation: string, input: object) =>
    await aws.kms.handle({
      method: 'POST',
      path: '/',
      query: new URLSearchParams(),
      headers: { 'x-amz-target': `TrentService.${operation}` },
      body: Buffer.from(JSON.stringify(input)),
      requestId: '',
      principal: {
        arn: 'arn:aws:iam::000000000000:root',
        account: '000000000000',
      },
    })
  const alias = { AliasName: 'alias/short', TargetKeyId: key.keyId }
  const nothing = {
    status: 200,
    headers: { 'content-type': 'application/x-amz-json-1.1' },
    body: '',
  }
  for (const [operation, input] of [
    ['CreateAlias', alias],
    ['UpdateAlias', alias],
    ['DeleteAlias', { AliasName: alias.AliasName }],
    ['EnableKey', { KeyId: key.keyId }],
    ['TagResource', { KeyId: key.keyId, Tags: [tag('a')] }],
    ['UntagResource', { KeyId: key.keyId, TagKeys: ['a', 'b'] }],
    ['UpdateKeyDescription', { KeyId: key.keyId, Description: 'd' }],
  ] as const)
    expect(await answer(operation, input)).toEqual(nothing)
})

test('metadata of each origin', async () => {
  const external = await aws.createKey({ Origin: 'EXTERNAL', Description: 'x' })
  const before = {
    AWSAccountId: '000000000000',
    KeyId: external.keyId,
    Arn: `${place}:key/${external.keyId}`,
    CreationDate: 1767323045.678,
    Enabled: false,
    Description: 'x',
    KeyUsage: 'SIGN_VERIFY',
    KeyState: 'PendingImport',
    Origin: 'EXTERNAL',
    KeyManager: 'CUSTOMER',
    CustomerMasterKeySpec: 'ECC_SECG_P256K1',
    KeySpec: 'ECC_SECG_P256K1',
    SigningAlgorithms: ['ECDSA_SHA_256'],
    MultiRegion: false,
  }
  const describe = () => aws.ok('DescribeKey', { KeyId: external.arn })
  expect(await describe()).toEqual({ KeyMetadata: before })

  expect(await importKey(aws, external.keyId, newPkcs8())).toEqual({
    status: 200,
    body: { KeyId: external.arn },
  })
  expect(await describe()).toEqual({
    KeyMetadata: {
      ...before,
      Enabled: true,
      KeyState: 'Enabled',
      ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
    },
  })

  expect(
    await aws.ok('DeleteImportedKeyMaterial', { KeyId: external.keyId }),
  ).toEqual({ KeyId: external.arn })
  expect(await describe()).toEqual({ KeyMetadata: before })

  expect(
    await aws.ok('ScheduleKeyDeletion', {
      KeyId: external.keyId,
      PendingWindowInDays: 7,
    }),
  ).toEqual({
    KeyId: external.arn,
    DeletionDate: 1767323045.678 + 7 * 86400,
    KeyState: 'PendingDeletion',
    PendingWindowInDays: 7,
  })
})

test('public key and tags', async () => {
  const answer = await aws.ok('GetPublicKey', { KeyId: 'alias/taken' })
  expect({ ...answer, PublicKey: '' }).toEqual({
    KeyId: key.arn,
    PublicKey: '',
    CustomerMasterKeySpec: 'ECC_SECG_P256K1',
    KeySpec: 'ECC_SECG_P256K1',
    KeyUsage: 'SIGN_VERIFY',
    SigningAlgorithms: ['ECDSA_SHA_256'],
  })
  expect(String(answer.PublicKey)).toMatch(
    /^MFYwEAYHKoZIzj0CAQYFK4EEAAoDQgAE[A-Za-z0-9+/]{86}==$/,
  )
  const Tags = [tag('b'), { TagKey: 'a', TagValue: 'v' }]
  await aws.ok('TagResource', { KeyId: other.keyId, Tags })
  expect(await aws.ok('ListResourceTags', { KeyId: other.keyId })).toEqual({
    Tags: [{ TagKey: 'a', TagValue: 'v' }, tag('b')],
    Truncated: false,
  })
})
