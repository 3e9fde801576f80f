import { afterAll, expect, test } from 'vitest'
import { createTestKms } from '../../../../test/support/createTestKms.js'
import type { Reply } from '../../../../test/support/openTestKms.js'
import {
  importKey,
  newPkcs8,
} from '../../../../test/support/wrapKeyMaterial.js'

// AWS's literal answers. In an input and a text, <...> stands for a name that
// is known only when the test runs.

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
const nowhere = '11111111-2222-4333-8444-555555555555'
const names: Record<string, string> = {
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
const fill = (text: string): string =>
  text.replace(/<\w+>/g, (name) => names[name] ?? name)

const base64 = (length: number): string =>
  Buffer.alloc(length, 7).toString('base64')
const sign = {
  KeyId: '<key>',
  Message: base64(32),
  MessageType: 'DIGEST',
  SigningAlgorithm: 'ECDSA_SHA_256',
}
const k256 = { KeySpec: 'ECC_SECG_P256K1', KeyUsage: 'SIGN_VERIFY' }
const tag = (name: string) => ({ TagKey: name, TagValue: '' })
const policy = (statement: object): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
const fails = '1 validation error detected: Value'
const must = 'failed to satisfy constraint: Member must'

type Case = [
  what: string,
  operation: string,
  input: object | string,
  type: string,
  text?: string,
]

const cases: Case[] = [
  [
    'usage left out',
    'CreateKey',
    { KeySpec: 'HMAC_256' },
    'ValidationException',
    'You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.',
  ],
  [
    'usage left out for k256',
    'CreateKey',
    { KeySpec: 'ECC_SECG_P256K1' },
    'ValidationException',
    'You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.',
  ],
  [
    'unknown spec',
    'CreateKey',
    { KeySpec: 'HMAC_random' },
    'ValidationException',
    `${fails} 'HMAC_random' at 'keySpec' ${must} satisfy enum value set: [RSA_2048, ECC_NIST_P384, ECC_NIST_P256, ECC_NIST_P521, HMAC_384, RSA_3072, ECC_SECG_P256K1, RSA_4096, SYMMETRIC_DEFAULT, HMAC_256, HMAC_224, HMAC_512]`,
  ],
  [
    'unknown usage',
    'CreateKey',
    { KeySpec: 'ECC_SECG_P256K1', KeyUsage: 'RANDOM' },
    'ValidationException',
    `${fails} 'RANDOM' at 'keyUsage' ${must} satisfy enum value set: [ENCRYPT_DECRYPT, SIGN_VERIFY, GENERATE_VERIFY_MAC]`,
  ],
  [
    'spec left out',
    'CreateKey',
    { KeyUsage: 'SIGN_VERIFY' },
    'ValidationException',
    'The operation failed because the KeyUsage value of the CMK is SIGN_VERIFY. To perform this operation, the KeyUsage value must be ENCRYPT_DECRYPT.',
  ],
  [
    'both spec members',
    'CreateKey',
    { ...k256, CustomerMasterKeySpec: 'ECC_SECG_P256K1' },
    'ValidationException',
    'You cannot specify KeySpec and CustomerMasterKeySpec in the same request. CustomerMasterKeySpec is deprecated.',
  ],
  [
    'usage of another spec',
    'CreateKey',
    { ...k256, KeyUsage: 'ENCRYPT_DECRYPT' },
    'ValidationException',
    'KeyUsage ENCRYPT_DECRYPT is not compatible with KeySpec ECC_SECG_P256K1',
  ],
  [
    'a spec that is not ours',
    'CreateKey',
    { KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' },
    'UnsupportedOperationException',
    'KeySpec RSA_2048 is not supported by this local KMS, which makes ECC_SECG_P256K1 keys only.',
  ],
  [
    'no member at all',
    'CreateKey',
    {},
    'UnsupportedOperationException',
    'KeySpec SYMMETRIC_DEFAULT is not supported by this local KMS, which makes ECC_SECG_P256K1 keys only.',
  ],
  [
    'multi-Region',
    'CreateKey',
    { ...k256, MultiRegion: true },
    'UnsupportedOperationException',
    'This local KMS has no multi-Region keys.',
  ],
  [
    'tag key of 129',
    'CreateKey',
    { ...k256, Tags: [tag('x'.repeat(129))] },
    'ValidationException',
    `${fails} '${'x'.repeat(129)}' at 'tags.1.member.tagKey' ${must} have length less than or equal to 128`,
  ],
  [
    '51 tags',
    'CreateKey',
    { ...k256, Tags: Array.from({ length: 51 }, (_, i) => tag(`t${i}`)) },
    'TagException',
    'Too many tags',
  ],
  [
    'reserved tag',
    'CreateKey',
    { ...k256, Tags: [tag('AwS:x')] },
    'TagException',
    'Tags beginning with aws: are reserved',
  ],
  [
    'reserved tag',
    'TagResource',
    { KeyId: '<key>', Tags: [tag('aws:x')] },
    'TagException',
    'Tags beginning with aws: are reserved',
  ],
  [
    'tag twice',
    'TagResource',
    { KeyId: '<key>', Tags: [tag('a'), tag('a')] },
    'TagException',
    'Duplicate tag keys',
  ],
  [
    'policy no JSON',
    'CreateKey',
    { ...k256, Policy: '{' },
    'MalformedPolicyDocumentException',
    'The policy is not valid JSON.',
  ],
  [
    'policy without statement',
    'PutKeyPolicy',
    { KeyId: '<key>', Policy: '{}' },
    'MalformedPolicyDocumentException',
    'The policy has no Statement.',
  ],
  [
    'policy without action',
    'PutKeyPolicy',
    {
      KeyId: '<key>',
      Policy: policy({ Effect: 'Allow', Principal: '*', Resource: '*' }),
    },
    'MalformedPolicyDocumentException',
    'A statement needs one of Action and NotAction.',
  ],
  [
    'policy over 32 KiB',
    'PutKeyPolicy',
    { KeyId: '<key>', Policy: ' '.repeat(32769) },
    'LimitExceededException',
    'The key policy exceeds the maximum size of 32768 bytes.',
  ],
  [
    'policy of another name',
    'GetKeyPolicy',
    { KeyId: '<key>', PolicyName: 'mine' },
    'NotFoundException',
    'No such policy exists',
  ],
  [
    'policy of another name',
    'PutKeyPolicy',
    { KeyId: '<key>', PolicyName: 'mine', Policy: '{}' },
    'NotFoundException',
    'No such policy exists',
  ],

  [
    'unknown id',
    'Sign',
    { ...sign, KeyId: nowhere },
    'NotFoundException',
    `Key '${place}:key/${nowhere}' does not exist`,
  ],
  [
    'unknown ARN',
    'DescribeKey',
    { KeyId: `${place}:key/${nowhere}` },
    'NotFoundException',
    `Key '${place}:key/${nowhere}' does not exist`,
  ],
  [
    'id without dashes',
    'DescribeKey',
    { KeyId: nowhere.replaceAll('-', '') },
    'NotFoundException',
    `Invalid keyId '${nowhere.replaceAll('-', '')}'`,
  ],
  [
    'bad id',
    'GetPublicKey',
    { KeyId: 'x' },
    'NotFoundException',
    "Invalid keyId 'x'",
  ],
  [
    'ARN with a bad id',
    'GetPublicKey',
    { KeyId: `${place}:key/x` },
    'NotFoundException',
    `Invalid keyId '${place}:key/x'`,
  ],
  [
    'unknown alias',
    'Sign',
    { ...sign, KeyId: 'alias/none' },
    'NotFoundException',
    `Alias ${place}:alias/none is not found.`,
  ],
  [
    'unknown alias ARN',
    'DescribeKey',
    { KeyId: `${place}:alias/none` },
    'NotFoundException',
    `Alias ${place}:alias/none is not found.`,
  ],
  [
    'ARN of another Region',
    'DescribeKey',
    { KeyId: `arn:aws:kms:eu-west-1:000000000000:key/${nowhere}` },
    'NotFoundException',
    'Invalid arn eu-west-1',
  ],
  [
    'ARN of another service',
    'DescribeKey',
    { KeyId: 'arn:aws:s3:::bucket' },
    'InvalidArnException',
    'Invalid arn arn:aws:s3:::bucket',
  ],
  [
    'ARN of another account',
    'GetPublicKey',
    { KeyId: `arn:aws:kms:us-east-1:111122223333:key/${nowhere}` },
    'AccessDeniedException',
    `User: arn:aws:iam::000000000000:user/operator is not authorized to perform: kms:GetPublicKey on resource: arn:aws:kms:us-east-1:111122223333:key/${nowhere} because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access`,
  ],
  [
    'an alias where only a key goes',
    'GetKeyPolicy',
    { KeyId: 'alias/taken' },
    'NotFoundException',
    "Invalid keyId 'alias/taken'",
  ],
  [
    'id absent',
    'Sign',
    { ...sign, KeyId: undefined },
    'ValidationException',
    `${fails} null at 'keyId' ${must} not be null`,
  ],
  [
    'two things absent',
    'Sign',
    { Message: base64(32), KeyId: null },
    'ValidationException',
    `2 validation errors detected: Value null at 'keyId' ${must} not be null; Value null at 'signingAlgorithm' ${must} not be null`,
  ],

  [
    'digest of 31 bytes',
    'Sign',
    { ...sign, Message: base64(31) },
    'ValidationException',
    'Digest is invalid length for algorithm ECDSA_SHA_256.',
  ],
  [
    'digest of 33 bytes',
    'Verify',
    { ...sign, Message: base64(33), Signature: base64(70) },
    'ValidationException',
    'Digest is invalid length for algorithm ECDSA_SHA_256.',
  ],
  [
    'message over 4096',
    'Sign',
    { ...sign, Message: base64(4097), MessageType: 'RAW' },
    'ValidationException',
    `${fails} at 'message' ${must} have length less than or equal to 4096`,
  ],
  [
    'message of 0',
    'Sign',
    { ...sign, Message: '' },
    'ValidationException',
    `${fails} at 'Message' ${must} have length greater than or equal to 1`,
  ],
  [
    'signature of 0',
    'Verify',
    { ...sign, Signature: '' },
    'ValidationException',
    `${fails} at 'Signature' ${must} have length greater than or equal to 1`,
  ],
  [
    'message type of another spec',
    'Sign',
    { ...sign, MessageType: 'EXTERNAL_MU' },
    'ValidationException',
    'Message type EXTERNAL_MU is incompatible with key spec ECC_SECG_P256K1.',
  ],
  [
    'unknown message type',
    'Sign',
    { ...sign, MessageType: 'raw' },
    'ValidationException',
    `${fails} 'raw' at 'messageType' ${must} satisfy enum value set: [RAW, DIGEST, EXTERNAL_MU]`,
  ],
  [
    'algorithm of another spec',
    'Sign',
    { ...sign, SigningAlgorithm: 'ECDSA_SHA_384' },
    'InvalidKeyUsageException',
    'Algorithm ECDSA_SHA_384 is incompatible with key spec ECC_SECG_P256K1.',
  ],
  [
    'dry run',
    'Sign',
    { ...sign, DryRun: true },
    'DryRunOperationException',
    'The request would have succeeded, but the DryRun option is set.',
  ],
  [
    'dry run',
    'Verify',
    { ...sign, Signature: base64(70), DryRun: true },
    'DryRunOperationException',
    'The request would have succeeded, but the DryRun option is set.',
  ],
  [
    'dry run of what fails',
    'Sign',
    { ...sign, KeyId: '<disabled>', DryRun: true },
    'DisabledException',
    '<disabledArn> is disabled.',
  ],
  [
    'a signature that is none',
    'Verify',
    { ...sign, Signature: base64(70) },
    'KMSInvalidSignatureException',
  ],
  [
    'disabled',
    'Sign',
    { ...sign, KeyId: '<disabled>' },
    'DisabledException',
    '<disabledArn> is disabled.',
  ],
  [
    'pending deletion',
    'Sign',
    { ...sign, KeyId: '<leaving>' },
    'KMSInvalidStateException',
    '<leavingArn> is pending deletion.',
  ],
  [
    'nothing imported',
    'GetPublicKey',
    { KeyId: '<empty>' },
    'KMSInvalidStateException',
    '<emptyArn> is pending import.',
  ],

  [
    'alias without prefix',
    'CreateAlias',
    { AliasName: 'mine', TargetKeyId: '<key>' },
    'ValidationException',
    'Alias must start with the prefix "alias/". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html',
  ],
  [
    'alias with bad characters',
    'CreateAlias',
    { AliasName: 'alias/my-alias!', TargetKeyId: '<key>' },
    'ValidationException',
    `${fails} 'alias/my-alias!' at 'aliasName' ${must} satisfy regular expression pattern: ^[a-zA-Z0-9:/_-]+$`,
  ],
  [
    'alias with a colon',
    'CreateAlias',
    { AliasName: 'alias/my:alias', TargetKeyId: '<key>' },
    'ValidationException',
    'alias/my:alias contains invalid characters for an alias',
  ],
  [
    'alias to an alias',
    'CreateAlias',
    { AliasName: 'alias/new', TargetKeyId: 'alias/taken' },
    'ValidationException',
    'Aliases must refer to keys. Not aliases',
  ],
  [
    'alias that exists',
    'CreateAlias',
    { AliasName: 'alias/taken', TargetKeyId: '<other>' },
    'AlreadyExistsException',
    `An alias with the name ${place}:alias/taken already exists`,
  ],
  [
    'reserved alias',
    'CreateAlias',
    { AliasName: 'alias/aws/mine', TargetKeyId: '<key>' },
    'NotAuthorizedException',
  ],
  [
    'unknown alias',
    'DeleteAlias',
    { AliasName: 'alias/none' },
    'NotFoundException',
    `Alias ${place}:alias/none is not found.`,
  ],
  [
    'unknown alias',
    'UpdateAlias',
    { AliasName: 'alias/none', TargetKeyId: '<key>' },
    'NotFoundException',
    `Alias ${place}:alias/none is not found.`,
  ],
  [
    'to a key that goes',
    'UpdateAlias',
    { AliasName: 'alias/taken', TargetKeyId: '<leaving>' },
    'KMSInvalidStateException',
    '<leavingArn> is pending deletion.',
  ],

  [
    'import into an AWS key',
    'GetParametersForImport',
    {
      KeyId: '<key>',
      WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
      WrappingKeySpec: 'RSA_2048',
    },
    'UnsupportedOperationException',
    '<keyArn> origin is AWS_KMS which is not valid for this operation.',
  ],
  [
    'unknown wrapping algorithm',
    'GetParametersForImport',
    {
      KeyId: '<empty>',
      WrappingAlgorithm: 'ROT13',
      WrappingKeySpec: 'RSA_2048',
    },
    'ValidationException',
    `${fails} 'ROT13' at 'wrappingAlgorithm' ${must} satisfy enum value set: [RSAES_PKCS1_V1_5, RSAES_OAEP_SHA_1, RSAES_OAEP_SHA_256, RSA_AES_KEY_WRAP_SHA_1, RSA_AES_KEY_WRAP_SHA_256, SM2PKE]`,
  ],
  [
    'withdrawn wrapping algorithm',
    'GetParametersForImport',
    {
      KeyId: '<empty>',
      WrappingAlgorithm: 'RSAES_PKCS1_V1_5',
      WrappingKeySpec: 'RSA_2048',
    },
    'UnsupportedOperationException',
    'WrappingAlgorithm RSAES_PKCS1_V1_5 is not valid for importing a key of KeySpec ECC_SECG_P256K1 in this Region.',
  ],
  [
    'expiry without date',
    'ImportKeyMaterial',
    {
      KeyId: '<empty>',
      ImportToken: base64(9),
      EncryptedKeyMaterial: base64(9),
    },
    'ValidationException',
    'A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES',
  ],
  [
    'date without expiry',
    'ImportKeyMaterial',
    {
      KeyId: '<empty>',
      ImportToken: base64(9),
      EncryptedKeyMaterial: base64(9),
      ValidTo: 1_800_000_000,
      ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
    },
    'ValidationException',
    'The parameter ValidTo cannot be specified for a key with an expiration model of KEY_MATERIAL_DOES_NOT_EXPIRE',
  ],
  [
    'garbage for a token',
    'ImportKeyMaterial',
    {
      KeyId: '<empty>',
      ImportToken: base64(77),
      EncryptedKeyMaterial: base64(256),
      ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
    },
    'InvalidImportTokenException',
  ],

  [
    'cancel what is not going',
    'CancelKeyDeletion',
    { KeyId: '<key>' },
    'KMSInvalidStateException',
    '<keyArn> is not pending deletion.',
  ],
  [
    'schedule twice',
    'ScheduleKeyDeletion',
    { KeyId: '<leaving>' },
    'KMSInvalidStateException',
    '<leavingArn> is pending deletion.',
  ],
  [
    'window of 6 days',
    'ScheduleKeyDeletion',
    { KeyId: '<other>', PendingWindowInDays: 6 },
    'ValidationException',
    'PendingWindowInDays must be between 7 and 30 days, but 6 was given.',
  ],
  [
    'window of 0 days',
    'ScheduleKeyDeletion',
    { KeyId: '<other>', PendingWindowInDays: 0 },
    'ValidationException',
    `${fails} '0' at 'pendingWindowInDays' ${must} have value greater than or equal to 1`,
  ],

  [
    'wrong usage',
    'Encrypt',
    { KeyId: '<key>', Plaintext: base64(1) },
    'InvalidKeyUsageException',
    '<keyArn> key usage is SIGN_VERIFY which is not valid for Encrypt.',
  ],
  [
    'wrong usage',
    'Decrypt',
    { KeyId: '<key>', CiphertextBlob: base64(1) },
    'InvalidKeyUsageException',
    '<keyArn> key usage is SIGN_VERIFY which is not valid for Decrypt.',
  ],
  [
    'no key',
    'Decrypt',
    { CiphertextBlob: base64(1) },
    'InvalidCiphertextException',
  ],
  [
    'wrong usage',
    'GenerateMac',
    { KeyId: '<key>', Message: base64(1), MacAlgorithm: 'HMAC_SHA_256' },
    'InvalidKeyUsageException',
    '<keyArn> key usage is SIGN_VERIFY which is not valid for GenerateMac.',
  ],
  [
    'unknown MAC algorithm',
    'GenerateMac',
    { KeyId: '<key>', Message: base64(1), MacAlgorithm: 'INVALID' },
    'ValidationException',
    `${fails} 'INVALID' at 'macAlgorithm' ${must} satisfy enum value set: [HMAC_SHA_384, HMAC_SHA_256, HMAC_SHA_224, HMAC_SHA_512]`,
  ],
  [
    'wrong usage',
    'ReEncrypt',
    { DestinationKeyId: '<key>', CiphertextBlob: base64(1) },
    'InvalidKeyUsageException',
    '<keyArn> key usage is SIGN_VERIFY which is not valid for ReEncrypt.',
  ],
  [
    'no rotation',
    'RotateKeyOnDemand',
    { KeyId: '<key>' },
    'UnsupportedOperationException',
  ],
  [
    'no rotation',
    'EnableKeyRotation',
    { KeyId: '<key>' },
    'UnsupportedOperationException',
  ],
  [
    'no rotation',
    'GetKeyRotationStatus',
    { KeyId: '<key>' },
    'UnsupportedOperationException',
  ],
  [
    'no grants',
    'CreateGrant',
    {
      KeyId: '<key>',
      GranteePrincipal: 'arn:aws:iam::000000000000:root',
      Operations: ['Sign'],
    },
    'UnsupportedOperationException',
    'This local KMS has no grants; use the key policy.',
  ],
  ['no operation', 'MakeCoffee', {}, 'UnknownOperationException'],
  ['inherited name', 'constructor', {}, 'UnknownOperationException'],

  ['no JSON', 'Sign', '{', 'SerializationException'],
  ['no object', 'Sign', '[]', 'SerializationException'],
  [
    'number for a string',
    'DescribeKey',
    { KeyId: 7 },
    'SerializationException',
    'NUMBER_VALUE cannot be converted to String',
  ],
  [
    'string for a boolean',
    'Sign',
    { ...sign, DryRun: 'true' },
    'SerializationException',
    'STRING_VALUE cannot be converted to Boolean',
  ],
  [
    'fraction for an integer',
    'ListKeys',
    { Limit: 1.5 },
    'SerializationException',
    'DECIMAL_VALUE cannot be converted to Integer',
  ],
  [
    'object for a list',
    'TagResource',
    { KeyId: '<key>', Tags: {} },
    'SerializationException',
    'Start of structure or map found where not expected.',
  ],
  [
    'no base64',
    'Sign',
    { ...sign, Message: 'a*==' },
    'SerializationException',
    'Invalid Base64 value',
  ],
  [
    'limit of 0',
    'ListKeys',
    { Limit: 0 },
    'ValidationException',
    `${fails} '0' at 'limit' ${must} have value greater than or equal to 1`,
  ],
  [
    'limit of 1001',
    'ListKeys',
    { Limit: 1001 },
    'ValidationException',
    `${fails} '1001' at 'limit' ${must} have value less than or equal to 1000`,
  ],
  [
    'a marker that is none',
    'ListKeys',
    { Marker: 'x' },
    'InvalidMarkerException',
    'The marker is not valid.',
  ],
]

test.each(cases)('%s: %s', async (_what, operation, input, type, text) => {
  const filled =
    typeof input === 'string' ? input : JSON.parse(fill(JSON.stringify(input)))
  const reply = await aws.send(operation, filled)
  const expected: Reply = {
    status: 400,
    body: {
      __type: type,
      ...(text !== undefined && { message: fill(text) }),
    },
  }
  expect(reply).toEqual(expected)
})

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
