import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as kmsSdk from '@aws-sdk/client-kms'
import * as lambdaSdk from '@aws-sdk/client-lambda'
import { createLocalHome } from '@keyward/local'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { signerTemplate, writeAssembly } from '../support/signerAssembly.js'

const account = '000000000000'
const roleArn = (name: string) => `arn:aws:iam::${account}:role/${name}`
const deployerArn = roleArn(`cdk-hnb659fds-cfn-exec-role-${account}-us-east-1`)
const strangerArn = `arn:aws:iam::${account}:user/stranger`

const principals = [
  'root',
  'admin',
  'user',
  // The function itself, and its role in the hands of somebody else.
  'function',
  'function role',
  'importer',
  'break-glass',
  'deployer',
  'invoker',
  // Has a policy of its own that allows everything, as the operator.
  'stranger',
  'operator',
] as const
type Name = (typeof principals)[number]

type Credentials = {
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string
}

let folder = ''
let home: Awaited<ReturnType<typeof createLocalHome>>
let credentials: Record<Name, Credentials>
let keyId = ''
let signer = ''

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'keyward matrix-'))
  const dataDir = join(folder, 'home')
  const assembly = writeAssembly(join(folder, 'cdk.out'), signerTemplate(), {
    stackName: 'keyward-dev',
    // Gives away what only it has, for the test to act as the function.
    code: `export const handler = async () => ({
      accessKeyId: process.env.AWS_ACCESS_KEY_ID,
      secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY,
      sessionToken: process.env.AWS_SESSION_TOKEN,
    })\n`,
  })
  const open = () =>
    createLocalHome({
      dataDir,
      port: 0,
      chain: false,
      assembly: { directory: assembly },
    })
  home = await open()
  await home.close()
  const allowAll = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
  }
  writeFileSync(
    join(dataDir, 'principals.json'),
    JSON.stringify({ [strangerArn]: [allowAll] }),
    { mode: 0o600 },
  )
  home = await open()
  keyId = home.keys()[0]?.keyId ?? ''
  signer = home.functions()[0]?.name ?? ''
  credentials = {
    root: home.credentials('root'),
    admin: home.credentials('admin'),
    user: home.credentials('user'),
    function: await asFunction(),
    'function role': home.credentials(roleArn('keyward-dev-signer')),
    importer: home.credentials('importer'),
    'break-glass': home.credentials('break-glass'),
    deployer: home.credentials(deployerArn),
    invoker: home.credentials(roleArn('keyward-dev-alice')),
    stranger: home.credentials(strangerArn),
    operator: home.credentials('operator'),
  }
})
afterAll(async () => {
  await home?.close()
  rmSync(folder, { recursive: true, force: true })
})

async function asFunction(): Promise<Credentials> {
  const client = new lambdaSdk.LambdaClient({
    endpoint: home.endpoint,
    region: home.region,
    credentials: home.credentials(roleArn('keyward-dev-alice')),
  })
  const { Payload } = await client.send(
    new lambdaSdk.InvokeCommand({ FunctionName: `${signer}:alice` }),
  )
  client.destroy()
  return JSON.parse(Buffer.from(Payload ?? []).toString()) as Credentials
}

type Answer = { type: string; message: string; output?: unknown }
type Input = Record<string, unknown>
// Of both clients: any operation by its name, with any input.
type AnyClient = { send(command: object): Promise<unknown>; destroy(): void }
type AnyCommand = new (input: Input) => object
type AnySdk = Record<string, AnyCommand>

async function call(
  sdk: AnySdk,
  client: AnyClient,
  operation: string,
  input: Input,
): Promise<Answer> {
  const Command = sdk[`${operation}Command`]
  if (!Command) throw new Error(`The SDK has no ${operation}.`)
  try {
    const output = await client.send(new Command(input))
    return { type: '', message: '', output }
  } catch (error) {
    const { name, message } = error as Error
    return { type: name, message }
  } finally {
    client.destroy()
  }
}

const configuration = (as: Name) => ({
  endpoint: home.endpoint,
  region: home.region,
  credentials: credentials[as],
  maxAttempts: 1,
})
const kms = (as: Name, operation: string, input: Input) =>
  call(
    kmsSdk as unknown as AnySdk,
    new kmsSdk.KMSClient(configuration(as)) as unknown as AnyClient,
    operation,
    input,
  )
const lambda = (as: Name, operation: string, input: Input) =>
  call(
    lambdaSdk as unknown as AnySdk,
    new lambdaSdk.LambdaClient(configuration(as)) as unknown as AnyClient,
    operation,
    input,
  )

const digest = (MessageType: string) => ({
  Message: Buffer.alloc(32, 1),
  MessageType,
  SigningAlgorithm: 'ECDSA_SHA_256',
})

// Who has a policy that allows everything: the key's policy hands on to them
// whatever it does not deny.
const delegated: Name[] = ['root', 'deployer', 'stranger', 'operator']
const users: Name[] = ['user', 'function']
const grant = {
  GranteePrincipal: `arn:aws:iam::${account}:root`,
  Operations: ['Sign'],
}
const alias = () => `alias/${Math.random().toString(36).slice(2)}`

type Row = [
  name: string,
  operation: string,
  input: () => Input,
  allowed: readonly Name[],
]
const onKey: Row[] = [
  ['Sign a digest', 'Sign', () => digest('DIGEST'), users],
  ['Sign raw', 'Sign', () => digest('RAW'), []],
  [
    'Sign without a type',
    'Sign',
    () => ({ ...digest('RAW'), MessageType: undefined }),
    [],
  ],
  [
    'Sign by another algorithm',
    'Sign',
    () => ({ ...digest('DIGEST'), SigningAlgorithm: 'ECDSA_SHA_384' }),
    [],
  ],
  [
    'Verify',
    'Verify',
    () => ({ ...digest('DIGEST'), Signature: Buffer.alloc(3) }),
    delegated,
  ],
  [
    'GetPublicKey',
    'GetPublicKey',
    () => ({}),
    [...delegated, 'admin', 'user', 'function', 'function role', 'importer'],
  ],
  [
    'DescribeKey',
    'DescribeKey',
    () => ({}),
    [...delegated, 'admin', 'user', 'function', 'function role', 'importer'],
  ],
  ['GetKeyPolicy', 'GetKeyPolicy', () => ({}), [...delegated, 'admin']],
  ['ListKeyPolicies', 'ListKeyPolicies', () => ({}), [...delegated, 'admin']],
  [
    'ListResourceTags',
    'ListResourceTags',
    () => ({}),
    [...delegated, 'admin', 'importer'],
  ],
  ['ListGrants', 'ListGrants', () => ({}), [...delegated, 'admin']],
  ['EnableKey', 'EnableKey', () => ({}), [...delegated, 'admin']],
  ['DisableKey', 'DisableKey', () => ({}), ['admin', 'break-glass']],
  [
    'TagResource',
    'TagResource',
    () => ({ Tags: [{ TagKey: 'a', TagValue: 'b' }] }),
    [...delegated, 'admin'],
  ],
  [
    'UntagResource',
    'UntagResource',
    () => ({ TagKeys: ['a'] }),
    [...delegated, 'admin'],
  ],
  [
    'UpdateKeyDescription',
    'UpdateKeyDescription',
    () => ({ Description: '' }),
    [...delegated, 'admin'],
  ],
  [
    'PutKeyPolicy, broken',
    'PutKeyPolicy',
    () => ({ Policy: '{' }),
    ['root', 'admin', 'deployer'],
  ],
  [
    'PutKeyPolicy, bypassing the check',
    'PutKeyPolicy',
    () => ({ Policy: '{}', BypassPolicyLockoutSafetyCheck: true }),
    [],
  ],
  ['CreateGrant', 'CreateGrant', () => grant, []],
  ['RetireGrant', 'RetireGrant', () => ({ GrantId: 'x' }), delegated],
  ['RevokeGrant', 'RevokeGrant', () => ({ GrantId: 'x' }), delegated],
  ['ReplicateKey', 'ReplicateKey', () => ({ ReplicaRegion: 'eu-west-1' }), []],
  [
    'ScheduleKeyDeletion in 30 days',
    'ScheduleKeyDeletion',
    () => ({ PendingWindowInDays: 30 }),
    ['break-glass'],
  ],
  [
    'ScheduleKeyDeletion by default',
    'ScheduleKeyDeletion',
    () => ({}),
    ['break-glass'],
  ],
  [
    'ScheduleKeyDeletion in 7 days',
    'ScheduleKeyDeletion',
    () => ({ PendingWindowInDays: 7 }),
    [],
  ],
  [
    'CancelKeyDeletion',
    'CancelKeyDeletion',
    () => ({}),
    [...delegated, 'admin'],
  ],
  [
    'GetParametersForImport',
    'GetParametersForImport',
    () => ({
      WrappingAlgorithm: 'RSA_AES_KEY_WRAP_SHA_256',
      WrappingKeySpec: 'RSA_4096',
    }),
    ['importer'],
  ],
  [
    'GetParametersForImport, weaker',
    'GetParametersForImport',
    () => ({
      WrappingAlgorithm: 'RSAES_OAEP_SHA_1',
      WrappingKeySpec: 'RSA_4096',
    }),
    [],
  ],
  [
    'ImportKeyMaterial',
    'ImportKeyMaterial',
    () => ({
      ImportToken: Buffer.alloc(3),
      EncryptedKeyMaterial: Buffer.alloc(3),
      ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
    }),
    ['importer'],
  ],
  [
    'ImportKeyMaterial that expires',
    'ImportKeyMaterial',
    () => ({
      ImportToken: Buffer.alloc(3),
      EncryptedKeyMaterial: Buffer.alloc(3),
    }),
    [],
  ],
  [
    'DeleteImportedKeyMaterial',
    'DeleteImportedKeyMaterial',
    () => ({}),
    ['break-glass'],
  ],
]
// An alias needs an Allow for the alias and for the key; a key's policy can
// give the second only.
const others: Row[] = [
  ['CreateKey', 'CreateKey', () => ({ KeySpec: 'ECC_SECG_P256K1' }), delegated],
  ['ListKeys', 'ListKeys', () => ({}), delegated],
  ['ListAliases', 'ListAliases', () => ({}), delegated],
  [
    'CreateAlias',
    'CreateAlias',
    () => ({ AliasName: alias(), TargetKeyId: keyId }),
    delegated,
  ],
  [
    'UpdateAlias',
    'UpdateAlias',
    () => ({ AliasName: 'alias/keyward-dev', TargetKeyId: keyId }),
    delegated,
  ],
]

// What a k256 key can't do is refused for that reason only to those who may
// ask at all.
const text = Buffer.from('text')
const unservable: Record<string, Input> = {
  Decapsulate: { CiphertextBlob: text },
  Decrypt: { CiphertextBlob: text },
  DeriveSharedSecret: { KeyAgreementAlgorithm: 'ECDH', PublicKey: text },
  DisableKeyRotation: {},
  EnableKeyRotation: {},
  Encapsulate: {},
  Encrypt: { Plaintext: text },
  GenerateDataKey: { KeySpec: 'AES_256' },
  GenerateDataKeyPair: { KeyPairSpec: 'ECC_SECG_P256K1' },
  GenerateDataKeyPairWithoutPlaintext: { KeyPairSpec: 'ECC_SECG_P256K1' },
  GenerateDataKeyWithoutPlaintext: { KeySpec: 'AES_256' },
  GenerateMac: { Message: text, MacAlgorithm: 'HMAC_SHA_256' },
  GetKeyRotationStatus: {},
  ReEncrypt: { CiphertextBlob: text, DestinationKeyId: 'alias/keyward-dev' },
  RotateKeyOnDemand: {},
  UpdatePrimaryRegion: { PrimaryRegion: 'eu-west-1' },
  VerifyMac: { Message: text, Mac: text, MacAlgorithm: 'HMAC_SHA_256' },
}
const withoutKey: Record<string, Input> = {
  ConnectCustomKeyStore: { CustomKeyStoreId: 'cks-1' },
  CreateCustomKeyStore: { CustomKeyStoreName: 'x' },
  DeleteCustomKeyStore: { CustomKeyStoreId: 'cks-1' },
  DescribeCustomKeyStores: {},
  DisconnectCustomKeyStore: { CustomKeyStoreId: 'cks-1' },
  GenerateRandom: { NumberOfBytes: 1 },
  ListRetirableGrants: { RetiringPrincipal: strangerArn },
  UpdateCustomKeyStore: { CustomKeyStoreId: 'cks-1' },
}
for (const [operation, input] of Object.entries(unservable))
  onKey.push([operation, operation, () => input, delegated])
onKey.push([
  'ListKeyRotations',
  'ListKeyRotations',
  () => ({}),
  [...delegated, 'admin'],
])
for (const [operation, input] of Object.entries(withoutKey))
  others.push([operation, operation, () => input, delegated])

/** Who is let through, each asked over HTTP with its own credentials. */
async function allowedTo(ask: (as: Name) => Promise<Answer>) {
  const allowed: Name[] = []
  // What the work itself then says is no matter of policy.
  for (const name of principals)
    if ((await ask(name)).type !== 'AccessDeniedException') allowed.push(name)
  return allowed
}
const inOrder = (names: readonly Name[]) =>
  principals.filter((name) => names.includes(name))

describe("the stack's key", () => {
  test.each(onKey)('%s', async (_, operation, input, allowed) => {
    expect(
      await allowedTo(async (as) => {
        const answer = await kms(as, operation, { KeyId: keyId, ...input() })
        // As it was, for the next to ask.
        if (answer.type === '' && operation === 'ScheduleKeyDeletion') {
          await kms('admin', 'CancelKeyDeletion', { KeyId: keyId })
          await kms('admin', 'EnableKey', { KeyId: keyId })
        }
        if (answer.type === '' && operation === 'DisableKey')
          await kms('admin', 'EnableKey', { KeyId: keyId })
        return answer
      }),
    ).toEqual(inOrder(allowed))
  })

  test.each(others)('%s', async (_, operation, input, allowed) => {
    expect(await allowedTo((as) => kms(as, operation, input()))).toEqual(
      inOrder(allowed),
    )
  })

  test('DeleteAlias', async () => {
    const AliasName = 'alias/short-lived'
    expect(
      await allowedTo(async (as) => {
        await kms('operator', 'CreateAlias', { AliasName, TargetKeyId: keyId })
        return await kms(as, 'DeleteAlias', { AliasName })
      }),
    ).toEqual(inOrder(delegated))
  })

  test('has been asked for every operation that KMS has', () => {
    const asked = [...onKey, ...others].map(([, operation]) => operation)
    asked.push('DeleteAlias')
    const all = Object.keys(kmsSdk)
      .filter((name) => /^[A-Z].*Command$/.test(name))
      .map((name) => name.replace(/Command$/, ''))
    // The local KMS doesn't know it, nor does AWS's older model.
    expect(all.filter((name) => !asked.includes(name))).toEqual([
      'GetKeyLastUsage',
    ])
  })

  test('says who was refused, and by which kind of policy', async () => {
    const key = `arn:aws:kms:us-east-1:${account}:key/${keyId}`
    const refusal = (as: Name) =>
      kms(as, 'Sign', { KeyId: keyId, ...digest('DIGEST') })
    expect(await refusal('stranger')).toEqual({
      type: 'AccessDeniedException',
      message: `User: ${strangerArn} is not authorized to perform: kms:Sign on resource: ${key} with an explicit deny in a resource-based policy`,
    })
    expect(await refusal('function role')).toEqual({
      type: 'AccessDeniedException',
      message: `User: ${roleArn('keyward-dev-signer')} is not authorized to perform: kms:Sign on resource: ${key} with an explicit deny in an identity-based policy`,
    })
    expect(await kms('admin', 'ListKeys', {})).toEqual({
      type: 'AccessDeniedException',
      message: `User: ${roleArn('keyward-dev-admin')} is not authorized to perform: kms:ListKeys on resource: * because no identity-based policy allows the kms:ListKeys action`,
    })
  })

  test('is out of reach for a policy that its maker could not change', async () => {
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: roleArn('keyward-dev-user') },
          Action: 'kms:*',
          Resource: '*',
        },
      ],
    })
    expect(
      await kms('admin', 'PutKeyPolicy', { KeyId: keyId, Policy }),
    ).toEqual({
      type: 'MalformedPolicyDocumentException',
      message:
        'The new key policy will not allow you to update the key policy in the future.',
    })
  })
})

test('a key outside of the stack follows the identities', async () => {
  const { output } = await kms('operator', 'CreateKey', {
    KeySpec: 'ECC_SECG_P256K1',
    KeyUsage: 'SIGN_VERIFY',
  })
  const { KeyMetadata } = output as { KeyMetadata: { KeyId: string } }
  const { KeyId } = KeyMetadata
  expect(await kms('operator', 'Sign', { KeyId, ...digest('DIGEST') })).toEqual(
    { type: '', message: '', output: expect.anything() },
  )
  expect(
    await allowedTo((as) => kms(as, 'Sign', { KeyId, ...digest('RAW') })),
  ).toEqual(inOrder(delegated))
})

describe('the function', () => {
  type Call = [
    name: string,
    operation: string,
    input: Input,
    allowed: readonly Name[],
  ]
  const calls: Call[] = [
    ['Invoke', 'Invoke', {}, delegated],
    ['Invoke $LATEST', 'Invoke', { Qualifier: '$LATEST' }, delegated],
    [
      "Invoke the invoker's alias",
      'Invoke',
      { Qualifier: 'alice' },
      [...delegated, 'invoker'],
    ],
    ['Invoke a version', 'Invoke', { Qualifier: '1' }, delegated],
    [
      'UpdateFunctionCode',
      'UpdateFunctionCode',
      { ZipFile: Buffer.alloc(3) },
      delegated,
    ],
    [
      'UpdateFunctionConfiguration',
      'UpdateFunctionConfiguration',
      { Timeout: 31 },
      delegated,
    ],
    [
      'AddPermission',
      'AddPermission',
      { StatementId: '!', Action: 'lambda:InvokeFunction', Principal: '*' },
      delegated,
    ],
    ['GetPolicy', 'GetPolicy', { Qualifier: 'alice' }, delegated],
    [
      'RemovePermission',
      'RemovePermission',
      { StatementId: 'none' },
      delegated,
    ],
    ['GetFunction', 'GetFunction', {}, delegated],
    ['ListFunctions', 'ListFunctions', {}, delegated],
    [
      'UpdateAlias',
      'UpdateAlias',
      { Name: 'alice', FunctionVersion: '1' },
      delegated,
    ],
    ['PublishVersion', 'PublishVersion', {}, delegated],
  ]
  test.each(calls)('%s', async (_, operation, input, allowed) => {
    expect(
      await allowedTo((as) =>
        lambda(as, operation, { FunctionName: signer, ...input }),
      ),
    ).toEqual(inOrder(allowed))
  })
})
