import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as kmsSdk from '@aws-sdk/client-kms'
import * as lambdaSdk from '@aws-sdk/client-lambda'
import { createLocalHome } from '@keyward/local'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sampled } from '../support/sampled.js'
import { synthesize } from '../support/synthesize.js'
import { newPkcs8, wrapKeyMaterial } from '../support/wrapKeyMaterial.js'

const account = '000000000000'
const roleArn = (name: string) => `arn:aws:iam::${account}:role/${name}`
const deployerArn = roleArn(`cdk-hnb659fds-cfn-exec-role-${account}-us-east-1`)
const strangerArn = `arn:aws:iam::${account}:user/stranger`

const principals = [
  'root',
  'admin',
  'user',
  // The functions themselves, and their roles in the hands of somebody else.
  'function',
  'function role',
  'legacy function',
  'legacy function role',
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
const signer = 'keyward-dev-eip1559-signer'

const named = (name: string) => [roleArn(`keyward-dev-${name}`)]
const settings = {
  stackName: 'keyward-dev',
  network: 'local',
  origin: 'EXTERNAL',
  address: '0x00000000000000000000000000000000000000aa',
  administrators: named('admin'),
  users: named('user'),
  importers: named('importer'),
  breakGlass: named('break-glass'),
  invokers: { alice: roleArn('keyward-dev-alice') },
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'keyward matrix-'))
  const dataDir = join(folder, 'home')
  const directory = await synthesize(join(folder, 'cdk.out'), settings)
  for (const name of readdirSync(directory))
    if (name.startsWith('asset.'))
      writeFileSync(join(directory, name, 'index.mjs'), tellTale)
  const open = () =>
    createLocalHome({
      dataDir,
      port: 0,
      chain: false,
      assembly: { directory },
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
  credentials = {
    root: home.credentials('root'),
    admin: home.credentials('admin'),
    user: home.credentials('user'),
    function: await asFunction(signer),
    'function role': home.credentials(roleArn(signer)),
    'legacy function': await asFunction('keyward-dev-legacy-signer'),
    'legacy function role': home.credentials(
      roleArn('keyward-dev-legacy-signer'),
    ),
    importer: home.credentials('importer'),
    'break-glass': home.credentials('break-glass'),
    deployer: home.credentials(deployerArn),
    invoker: home.credentials(roleArn('keyward-dev-alice')),
    stranger: home.credentials(strangerArn),
    operator: home.credentials('operator'),
  }
  await importMaterial()
})
afterAll(async () => {
  await home?.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Gives away what only the function has, for the test to act as it. */
const tellTale = `export const handler = async () => ({
  accessKeyId: process.env.AWS_ACCESS_KEY_ID,
  secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY,
  sessionToken: process.env.AWS_SESSION_TOKEN,
})
`

async function asFunction(name: string): Promise<Credentials> {
  const client = new lambdaSdk.LambdaClient({
    endpoint: home.endpoint,
    region: home.region,
    credentials: home.credentials(roleArn('keyward-dev-alice')),
  })
  const { Payload } = await client.send(
    new lambdaSdk.InvokeCommand({ FunctionName: `${name}:alice` }),
  )
  client.destroy()
  return JSON.parse(Buffer.from(Payload ?? []).toString()) as Credentials
}

/** As the importer, with what its policy allows. */
async function importMaterial(): Promise<void> {
  const WrappingAlgorithm = 'RSA_AES_KEY_WRAP_SHA_256'
  const set = await kms('importer', 'GetParametersForImport', {
    KeyId: keyId,
    WrappingAlgorithm,
    WrappingKeySpec: 'RSA_2048',
  })
  const { PublicKey, ImportToken } = set.output as {
    PublicKey: Uint8Array
    ImportToken: Uint8Array
  }
  const imported = await kms('importer', 'ImportKeyMaterial', {
    KeyId: keyId,
    ImportToken,
    EncryptedKeyMaterial: wrapKeyMaterial(
      WrappingAlgorithm,
      Buffer.from(PublicKey),
      newPkcs8(),
    ),
    ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
  })
  expect(imported.type).toBe('')
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

// Whose own policies allow everything, or all of KMS. That counts where the
// resource leaves the choice to them, which the stack's key does not.
const powerful: Name[] = ['root', 'deployer', 'stranger', 'operator']
const developers: Name[] = [...powerful, 'user']
const functions: Name[] = ['function', 'legacy function']
const signers: Name[] = ['user', ...functions]
const lookers: Name[] = [
  ...signers,
  'function role',
  'legacy function role',
  'admin',
  'importer',
  'deployer',
]
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
  ['Sign a digest', 'Sign', () => digest('DIGEST'), signers],
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
    [],
  ],
  ['GetPublicKey', 'GetPublicKey', () => ({}), lookers],
  ['DescribeKey', 'DescribeKey', () => ({}), [...lookers, 'break-glass']],
  ['GetKeyPolicy', 'GetKeyPolicy', () => ({}), ['admin', 'deployer']],
  ['ListKeyPolicies', 'ListKeyPolicies', () => ({}), ['admin', 'deployer']],
  [
    'ListResourceTags',
    'ListResourceTags',
    () => ({}),
    ['admin', 'importer', 'deployer'],
  ],
  ['ListGrants', 'ListGrants', () => ({}), ['admin']],
  ['EnableKey', 'EnableKey', () => ({}), ['admin']],
  ['DisableKey', 'DisableKey', () => ({}), ['admin', 'break-glass']],
  [
    'TagResource',
    'TagResource',
    () => ({ Tags: [{ TagKey: 'a', TagValue: 'b' }] }),
    ['admin', 'deployer'],
  ],
  [
    'UntagResource',
    'UntagResource',
    () => ({ TagKeys: ['a'] }),
    ['admin', 'deployer'],
  ],
  [
    'UpdateKeyDescription',
    'UpdateKeyDescription',
    () => ({ Description: '' }),
    ['admin', 'deployer'],
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
  ['RevokeGrant', 'RevokeGrant', () => ({ GrantId: 'x' }), []],
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
  ['CancelKeyDeletion', 'CancelKeyDeletion', () => ({}), ['admin']],
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
    'GetParametersForImport, shorter',
    'GetParametersForImport',
    () => ({
      WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
      WrappingKeySpec: 'RSA_3072',
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
  [
    'CreateKey',
    'CreateKey',
    () => ({ KeySpec: 'ECC_SECG_P256K1' }),
    developers,
  ],
  ['ListKeys', 'ListKeys', () => ({}), developers],
  ['ListAliases', 'ListAliases', () => ({}), developers],
  [
    'CreateAlias',
    'CreateAlias',
    () => ({ AliasName: alias(), TargetKeyId: keyId }),
    ['deployer'],
  ],
  [
    'UpdateAlias',
    'UpdateAlias',
    () => ({ AliasName: 'alias/keyward-dev', TargetKeyId: keyId }),
    ['deployer'],
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
  // By the grant, whoever the key's policy names; and there are no grants.
  RetireGrant: { GrantToken: 'x' },
  UpdateCustomKeyStore: { CustomKeyStoreId: 'cks-1' },
}
for (const [operation, input] of Object.entries(unservable))
  onKey.push([
    operation,
    operation,
    () => input,
    operation === 'GetKeyRotationStatus' ? ['admin', 'deployer'] : [],
  ])
onKey.push(['ListKeyRotations', 'ListKeyRotations', () => ({}), ['admin']])
for (const [operation, input] of Object.entries(withoutKey))
  others.push([operation, operation, () => input, developers])

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
  test.each(sampled(onKey, 4))('%s', async (_, operation, input, allowed) => {
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

  test.each(sampled(others, 4))('%s', async (_, operation, input, allowed) => {
    expect(await allowedTo((as) => kms(as, operation, input()))).toEqual(
      inOrder(allowed),
    )
  })

  test('DeleteAlias', async () => {
    const AliasName = 'alias/short-lived'
    expect(
      await allowedTo(async (as) => {
        await kms('deployer', 'CreateAlias', { AliasName, TargetKeyId: keyId })
        return await kms(as, 'DeleteAlias', { AliasName })
      }),
    ).toEqual(['deployer'])
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
      message: `User: ${roleArn(signer)} is not authorized to perform: kms:Sign on resource: ${key} with an explicit deny in an identity-based policy`,
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
  ).toEqual(inOrder(developers))
})

describe('the function', () => {
  type Call = [
    name: string,
    operation: string,
    input: Input,
    allowed: readonly Name[],
  ]
  const calls: Call[] = [
    ['Invoke', 'Invoke', {}, developers],
    ['Invoke $LATEST', 'Invoke', { Qualifier: '$LATEST' }, developers],
    [
      "Invoke the invoker's alias",
      'Invoke',
      { Qualifier: 'alice' },
      [...developers, 'invoker'],
    ],
    ['Invoke a version', 'Invoke', { Qualifier: '1' }, developers],
    [
      'UpdateFunctionCode',
      'UpdateFunctionCode',
      { ZipFile: Buffer.alloc(3) },
      powerful,
    ],
    [
      'UpdateFunctionConfiguration',
      'UpdateFunctionConfiguration',
      { Timeout: 31 },
      powerful,
    ],
    [
      'AddPermission',
      'AddPermission',
      { StatementId: '!', Action: 'lambda:InvokeFunction', Principal: '*' },
      powerful,
    ],
    ['GetPolicy', 'GetPolicy', { Qualifier: 'alice' }, developers],
    ['RemovePermission', 'RemovePermission', { StatementId: 'none' }, powerful],
    ['GetFunction', 'GetFunction', {}, developers],
    ['ListFunctions', 'ListFunctions', {}, developers],
    [
      'UpdateAlias',
      'UpdateAlias',
      { Name: 'alice', FunctionVersion: '1' },
      powerful,
    ],
    ['PublishVersion', 'PublishVersion', {}, powerful],
  ]
  test.each(sampled(calls, 4))('%s', async (_, operation, input, allowed) => {
    expect(
      await allowedTo((as) =>
        lambda(as, operation, { FunctionName: signer, ...input }),
      ),
    ).toEqual(inOrder(allowed))
  })
})
