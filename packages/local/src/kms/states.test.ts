import { beforeAll, describe, expect, test } from 'vitest'
import { createTestKms } from '../../../../test/support/createTestKms.js'
import {
  importKey,
  newPkcs8,
} from '../../../../test/support/wrapKeyMaterial.js'

// Every cell of AWS's table of key states, each on a key of its own.

const aws = createTestKms()
const states = [
  'Enabled',
  'Disabled',
  'PendingDeletion',
  'PendingImport',
] as const
type State = (typeof states)[number]

const material = newPkcs8()

const keyIn = async (state: State) => {
  const key = await aws.createKey({ Origin: 'EXTERNAL' })
  if (state !== 'PendingImport') await importKey(aws, key.keyId, material)
  if (state === 'Disabled') await aws.ok('DisableKey', { KeyId: key.keyId })
  if (state === 'PendingDeletion')
    await aws.ok('ScheduleKeyDeletion', { KeyId: key.keyId })
  return key
}

const sign = {
  Message: Buffer.alloc(32, 1).toString('base64'),
  MessageType: 'DIGEST',
  SigningAlgorithm: 'ECDSA_SHA_256',
}
const wrapping = {
  WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
  WrappingKeySpec: 'RSA_2048',
}
const importing = {
  ImportToken: 'AAAA',
  EncryptedKeyMaterial: 'AAAA',
  ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
}
const policy = JSON.stringify({
  Statement: [
    { Effect: 'Allow', Principal: '*', Action: 'kms:*', Resource: '*' },
  ],
})

const disabled = 'DisabledException: is disabled.'
const deletion = 'KMSInvalidStateException: is pending deletion.'
const pendingImport = 'KMSInvalidStateException: is pending import.'
const notGoing = 'KMSInvalidStateException: is not pending deletion.'
const badToken = 'InvalidImportTokenException'
const badSignature = 'KMSInvalidSignatureException'
const noGrants =
  'UnsupportedOperationException: This local KMS has no grants; use the key policy.'

type Row = [
  operation: string,
  input: object,
  Enabled: string,
  Disabled: string,
  PendingDeletion: string,
  PendingImport: string,
]

// What is asked past the state check shows in an error after it.
const rows: Row[] = [
  ['Sign', sign, 'ok', disabled, deletion, pendingImport],
  [
    'Verify',
    { ...sign, Signature: 'AAAA' },
    badSignature,
    disabled,
    deletion,
    pendingImport,
  ],
  ['GetPublicKey', {}, 'ok', disabled, deletion, pendingImport],
  ['DescribeKey', {}, 'ok', 'ok', 'ok', 'ok'],
  ['GetKeyPolicy', {}, 'ok', 'ok', 'ok', 'ok'],
  ['PutKeyPolicy', { Policy: policy }, 'ok', 'ok', 'ok', 'ok'],
  ['ListKeyPolicies', {}, 'ok', 'ok', 'ok', 'ok'],
  ['ListResourceTags', {}, 'ok', 'ok', 'ok', 'ok'],
  ['ListAliases', {}, 'ok', 'ok', 'ok', 'ok'],
  ['ListGrants', {}, 'ok', 'ok', 'ok', 'ok'],
  ['EnableKey', {}, 'ok', 'ok', deletion, pendingImport],
  ['DisableKey', {}, 'ok', 'ok', deletion, pendingImport],
  ['ScheduleKeyDeletion', {}, 'ok', 'ok', deletion, 'ok'],
  ['CancelKeyDeletion', {}, notGoing, notGoing, 'ok', notGoing],
  ['GetParametersForImport', wrapping, 'ok', 'ok', deletion, 'ok'],
  ['ImportKeyMaterial', importing, badToken, badToken, deletion, badToken],
  ['DeleteImportedKeyMaterial', {}, 'ok', 'ok', 'ok', 'ok'],
  ['TagResource', { Tags: [] }, 'ok', 'ok', deletion, 'ok'],
  ['UntagResource', { TagKeys: [] }, 'ok', 'ok', deletion, 'ok'],
  ['UpdateKeyDescription', { Description: 'd' }, 'ok', 'ok', deletion, 'ok'],
  [
    'CreateGrant',
    { GranteePrincipal: 'x', Operations: [] },
    noGrants,
    disabled,
    deletion,
    pendingImport,
  ],
]

const answerOf = async (operation: string, input: object, arn: string) => {
  const { body } = await aws.send(operation, input)
  if (body.__type === undefined) return 'ok'
  const text = body.message === undefined ? '' : `: ${body.message}`
  return `${body.__type}${text.replace(`${arn} `, '')}`
}

describe.each(states)('%s', (state) => {
  test.each(rows)('%s', async (operation, input, ...expected) => {
    const { keyId, arn } = await keyIn(state)
    const answer = await answerOf(operation, { KeyId: keyId, ...input }, arn)
    expect(answer).toBe(expected[states.indexOf(state)])
  })

  test('aliases', async () => {
    const { keyId, arn } = await keyIn(state)
    const { keyId: home } = await aws.createKey()
    const AliasName = `alias/${state}`
    const expected = state === 'PendingDeletion' ? deletion : 'ok'
    const created = { AliasName, TargetKeyId: keyId }
    expect(await answerOf('CreateAlias', created, arn)).toBe(expected)
    const moved = { AliasName: `${AliasName}-2`, TargetKeyId: home }
    await aws.ok('CreateAlias', moved)
    const back = { ...moved, TargetKeyId: keyId }
    expect(await answerOf('UpdateAlias', back, arn)).toBe(expected)
    expect(await answerOf('UpdateAlias', moved, arn)).toBe('ok')
  })
})

describe('aliases of a key that goes', () => {
  let keyId: string
  beforeAll(async () => {
    keyId = (await aws.createKey()).keyId
    for (const name of ['alias/stays', 'alias/leaves'])
      await aws.ok('CreateAlias', { AliasName: name, TargetKeyId: keyId })
    await aws.ok('ScheduleKeyDeletion', {
      KeyId: keyId,
      PendingWindowInDays: 7,
    })
  })

  test('can be deleted and moved, and go with it on its day', async () => {
    await aws.ok('DeleteAlias', { AliasName: 'alias/leaves' })
    const before = aws.clock.now
    aws.clock.now = before + 7 * 86_400_000 - 1
    expect(await aws.ok('ListAliases', { KeyId: keyId })).toMatchObject({
      Aliases: [{ AliasName: 'alias/stays' }],
    })
    aws.clock.now += 1
    expect(await aws.send('DescribeKey', { KeyId: keyId })).toMatchObject({
      body: { __type: 'NotFoundException' },
    })
    expect(await aws.send('DescribeKey', { KeyId: 'alias/stays' })).toEqual({
      status: 400,
      body: {
        __type: 'NotFoundException',
        message:
          'Alias arn:aws:kms:us-east-1:000000000000:alias/stays is not found.',
      },
    })
    const files = aws.reopen()
    expect(files.kms.keys().map((key) => key.keyId)).not.toContain(keyId)
    files.kms.close()
    aws.clock.now = before
  })
})

test('a cancelled deletion leaves the key disabled', async () => {
  const { keyId, arn } = await keyIn('PendingDeletion')
  expect(await aws.ok('CancelKeyDeletion', { KeyId: arn })).toEqual({
    KeyId: arn,
  })
  const { KeyMetadata } = await aws.ok('DescribeKey', { KeyId: keyId })
  expect(KeyMetadata).toMatchObject({ KeyState: 'Disabled', Enabled: false })
  expect(KeyMetadata).not.toHaveProperty('DeletionDate')
})
