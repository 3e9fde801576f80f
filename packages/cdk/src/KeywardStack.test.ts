import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { App } from 'aws-cdk-lib'
import { Match, Template } from 'aws-cdk-lib/assertions'
import { beforeAll, describe, expect, test } from 'vitest'
import { templateFile, toStable } from '../../../scripts/assemble.mjs'
import {
  generatedNamesFile,
  generateNetworkNames,
} from '../../../scripts/generate-networks.mjs'
import { assembly, ensureSynthesized } from '../../../scripts/synth.mjs'
import { KeywardStack, type KeywardStackProps } from './index.js'

// compliance.test.ts validates; it is most of what a synthesis costs.
process.env.CDK_VALIDATION = 'false'

const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`
const admin = role('admin')
const existingKeyArn =
  'arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555'
const address = `0x${'ab'.repeat(20)}`

function synth(props: Partial<KeywardStackProps> = {}): Template {
  const stack = new KeywardStack(new App(), 'treasury', {
    network: 'sepolia',
    // An existing key has its own administrators.
    ...(props.existingKeyArn === undefined && { administrators: [admin] }),
    analyticsReporting: false,
    ...props,
  })
  return Template.fromStack(stack)
}

type Statement = {
  Sid: string
  Effect: string
  Principal?: unknown
  Action: string | string[]
  Condition?: unknown
}

function statements(template: Template): Map<string, Statement> {
  const [key] = Object.values(template.findResources('AWS::KMS::Key'))
  const list: Statement[] = key?.Properties.KeyPolicy.Statement
  return new Map(list.map((statement) => [statement.Sid, statement]))
}

beforeAll(() => ensureSynthesized())

test('the default template is the one that was reviewed', async () => {
  const path = join(assembly, 'keyward-dev.template.json')
  const text = readFileSync(path, 'utf8')
  // Without aws-cdk-lib, the local home runs on it.
  await expect(toStable(text)).toMatchFileSnapshot(templateFile)
  expect(Object.keys(JSON.parse(text).Resources)).toHaveLength(48)
})

test('the table of networks matches the installed viem', () => {
  expect(readFileSync(generatedNamesFile, 'utf8')).toBe(generateNetworkNames())
})

describe('the key policy', () => {
  const functions = [
    { 'Fn::GetAtt': [Match.stringLikeRegexp('^Eip1559Role'), 'Arn'] },
    { 'Fn::GetAtt': [Match.stringLikeRegexp('^LegacyRole'), 'Arn'] },
  ]
  const template = () =>
    synth({
      users: [role('user')],
      importers: [role('importer')],
      breakGlass: [role('break-glass')],
      deployers: [role('deployer')],
      origin: 'EXTERNAL',
      minimumDeletionWindowDays: 14,
      address,
    })

  test('defines who may sign and how, and denies everybody else', () => {
    template().hasResourceProperties('AWS::KMS::Key', {
      KeySpec: 'ECC_SECG_P256K1',
      KeyUsage: 'SIGN_VERIFY',
      Origin: 'EXTERNAL',
      MultiRegion: false,
      PendingWindowInDays: 30,
      KeyPolicy: {
        Statement: Match.arrayWith([
          {
            Sid: 'UsersSign',
            Effect: 'Allow',
            Principal: { AWS: [role('user'), ...functions] },
            Action: 'kms:Sign',
            Resource: '*',
            Condition: {
              StringEquals: {
                'kms:SigningAlgorithm': 'ECDSA_SHA_256',
                'kms:MessageType': 'DIGEST',
              },
            },
          },
          {
            Sid: 'OnlyUsersSign',
            Effect: 'Deny',
            Principal: { AWS: '*' },
            Action: 'kms:Sign',
            Resource: '*',
            Condition: {
              ArnNotEquals: {
                'aws:PrincipalArn': [role('user'), ...functions],
              },
            },
          },
        ]),
      },
    })
  })

  test('gives each role its operations, by name', () => {
    const found = statements(template())
    const allowed = (sid: string) => found.get(sid)?.Action
    expect(allowed('RootKeepsThePolicy')).toBe('kms:PutKeyPolicy')
    expect(allowed('UsersLook')).toEqual([
      'kms:GetPublicKey',
      'kms:DescribeKey',
    ])
    expect(allowed('ImportersLook')).toEqual([
      'kms:DescribeKey',
      'kms:GetPublicKey',
      'kms:ListResourceTags',
    ])
    expect(found.get('ImportersWrap')).toMatchObject({
      Action: 'kms:GetParametersForImport',
      Condition: {
        StringEquals: {
          'kms:WrappingAlgorithm': [
            'RSAES_OAEP_SHA_256',
            'RSA_AES_KEY_WRAP_SHA_256',
          ],
          'kms:WrappingKeySpec': ['RSA_2048', 'RSA_3072', 'RSA_4096'],
        },
      },
    })
    expect(found.get('ImportersImport')).toMatchObject({
      Action: 'kms:ImportKeyMaterial',
      Condition: {
        StringEquals: { 'kms:ExpirationModel': 'KEY_MATERIAL_DOES_NOT_EXPIRE' },
      },
    })
    expect(allowed('BreakGlass')).toEqual([
      'kms:DescribeKey',
      'kms:ScheduleKeyDeletion',
      'kms:DisableKey',
      'kms:DeleteImportedKeyMaterial',
    ])
    for (const sid of ['Administrators', 'Deployers'])
      for (const action of [allowed(sid)].flat())
        expect(action).not.toMatch(
          /kms:(\*|Sign|Create\*|CreateGrant|Import|ScheduleKey|Delete(?!Alias)|Put\*)/,
        )
  })

  test('denies everybody else the operations that no IAM policy may allow', () => {
    const found = statements(template())
    const denied = [...found.values()]
      .filter(({ Effect }) => Effect === 'Deny')
      .map(({ Sid, Action, Condition }) => [
        Sid,
        Action,
        Object.keys(Condition ?? {}),
      ])
    expect(denied).toEqual([
      ['OnlyUsersSign', 'kms:Sign', ['ArnNotEquals']],
      ['OnlyNamedChangeThePolicy', 'kms:PutKeyPolicy', ['ArnNotEquals']],
      [
        'OnlyImportersImport',
        ['kms:GetParametersForImport', 'kms:ImportKeyMaterial'],
        ['ArnNotEquals'],
      ],
      [
        'OnlyBreakGlassDestroys',
        ['kms:ScheduleKeyDeletion', 'kms:DeleteImportedKeyMaterial'],
        ['ArnNotEquals'],
      ],
      ['OnlyNamedDisable', 'kms:DisableKey', ['ArnNotEquals']],
      ['NoShortDeletion', 'kms:ScheduleKeyDeletion', ['NumericLessThan']],
      ['NoGrants', ['kms:CreateGrant', 'kms:ReplicateKey'], []],
      ['NoGrantsForControlTower', 'kms:CreateGrant', ['BoolIfExists']],
      ['NoLockout', 'kms:PutKeyPolicy', ['Bool']],
    ])
    expect(found.get('NoShortDeletion')?.Condition).toEqual({
      NumericLessThan: { 'kms:ScheduleKeyDeletionPendingWindowInDays': 14 },
    })
  })

  test("denies a role's operations to everybody if the role is empty", () => {
    const found = statements(synth())
    expect(found.get('OnlyBreakGlassDestroys')).not.toHaveProperty('Condition')
    expect(found.get('OnlyImportersImport')).not.toHaveProperty('Condition')
    expect(found.has('BreakGlass')).toBe(false)
  })
})

test('the key outlives the stack', () => {
  synth().hasResource('AWS::KMS::Key', {
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
  })
})

test('each function signs with its own role, and only from itself', () => {
  const template = synth()
  for (const kind of ['eip1559-signer', 'legacy-signer']) {
    template.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: `treasury-${kind}`,
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      Environment: {
        Variables: { ETH_NETWORK: 'sepolia', LOG_LEVEL: 'INFO' },
      },
      LoggingConfig: { LogFormat: 'JSON', ApplicationLogLevel: 'DEBUG' },
    })
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Sid: 'SignFromHereOnly',
            Effect: 'Deny',
            Action: 'kms:Sign',
            Condition: {
              ArnNotLike: {
                'lambda:SourceFunctionArn': ['', ':*'].map((qualifier) => ({
                  'Fn::Sub': `arn:\${AWS::Partition}:lambda:\${AWS::Region}:\${AWS::AccountId}:function:treasury-${kind}${qualifier}`,
                })),
              },
            },
          }),
        ]),
      },
    })
  }
  const roles = Object.values(template.findResources('AWS::IAM::Role'))
  expect(roles.map(({ Properties }) => Properties.ManagedPolicyArns)).toEqual([
    undefined,
    undefined,
  ])
  template.allResourcesProperties('AWS::Lambda::EventInvokeConfig', {
    MaximumRetryAttempts: 0,
  })
})

test('each caller has an alias, and may invoke only that one', () => {
  const template = synth({
    invokers: { payouts: role('payouts'), bridge: role('bridge') },
  })
  template.resourceCountIs('AWS::Lambda::Alias', 6)
  template.allResourcesProperties('AWS::Lambda::Function', {
    Environment: { Variables: { KEYWARD_CALLERS: 'payouts,bridge' } },
  })
  const permissions = Object.values(
    template.findResources('AWS::Lambda::Permission'),
  ).map(({ Properties }) => [
    Properties.Principal,
    Properties.Action,
    Properties.FunctionName.Ref.replace(/[0-9A-F]{8}$/, ''),
  ])
  expect(permissions.sort()).toEqual([
    [role('bridge'), 'lambda:InvokeFunction', 'Eip1559Callerbridge'],
    [role('bridge'), 'lambda:InvokeFunction', 'LegacyCallerbridge'],
    [role('payouts'), 'lambda:InvokeFunction', 'Eip1559Callerpayouts'],
    [role('payouts'), 'lambda:InvokeFunction', 'LegacyCallerpayouts'],
  ])
  expect(Object.keys(template.findOutputs('*'))).toContain(
    'LegacySignerForpayouts',
  )
})

test('with an existing key, the stack has functions but no key', () => {
  const template = synth({ existingKeyArn, address })
  template.resourceCountIs('AWS::KMS::Key', 0)
  template.resourceCountIs('AWS::KMS::Alias', 0)
  template.allResourcesProperties('AWS::Lambda::Function', {
    Environment: {
      Variables: { KMS_KEY_ID: existingKeyArn, KEYWARD_ADDRESS: address },
    },
  })
})

test('the outputs of a stack without a fixed account and Region', () => {
  const template = synth({
    invokers: { 'pay-outs': role('a'), pay_outs: role('b') },
  })
  expect(Object.keys(template.findOutputs('*')).sort()).toEqual([
    'Eip1559SignerArn',
    'Eip1559SignerForpayDashouts',
    'Eip1559SignerForpayUnderscoreouts',
    'Eip1559SignerName',
    'KeyAlias',
    'KeyArn',
    'KeyId',
    'LegacySignerArn',
    'LegacySignerForpayDashouts',
    'LegacySignerForpayUnderscoreouts',
    'LegacySignerName',
  ])
})

test("faults, silence and lost requests raise alarms, but refusals don't", () => {
  const alarms = (props: Partial<KeywardStackProps>) =>
    Object.values(
      synth({
        alarmTopicArn: 'arn:aws:sns:eu-central-1:123456789012:alarms',
        ...props,
      }).findResources('AWS::CloudWatch::Alarm'),
    ).map(({ Properties: p }) => [
      p.MetricName,
      p.Namespace,
      p.Dimensions[0].Value,
      p.ComparisonOperator,
      p.TreatMissingData,
    ])
  const faults = (kind: string) => [
    'Faults',
    'Keyward',
    `treasury-${kind}`,
    'GreaterThanOrEqualToThreshold',
    'notBreaching',
  ]
  const signers = [faults('eip1559-signer'), faults('legacy-signer')]
  expect(alarms({})).toEqual(signers)
  expect(
    alarms({
      rpcUrl: 'arn:aws:ssm:eu-central-1:123456789012:parameter/rpc',
    }),
  ).toEqual([
    ...signers,
    faults('sender'),
    faults('reconciler'),
    [
      'Invocations',
      'AWS/Lambda',
      'treasury-reconciler',
      'LessThanThreshold',
      'breaching',
    ],
    ['SkippedSeconds', ...faults('reconciler').slice(1)],
    [
      'ApproximateNumberOfMessagesVisible',
      'AWS/SQS',
      { 'Fn::GetAtt': [expect.stringMatching(/^SenderFailures/), 'QueueName'] },
      'GreaterThanOrEqualToThreshold',
      'notBreaching',
    ],
  ])
})

test("resources that functions and rules use must be in the stack's Region", () => {
  const env = { account: '123456789012', region: 'eu-west-1' }
  expect(() => synth({ existingKeyArn, address, env })).toThrow(
    'existingKeyArn: the resource is in eu-central-1, but the stack is in eu-west-1. Deploy the stack to eu-central-1, or use a resource in eu-west-1.',
  )
  const alarmTopicArn = 'arn:aws:sns:us-east-1:123456789012:alarms'
  expect(() => synth({ alarmTopicArn, env })).toThrow(
    'alarmTopicArn: the resource is in us-east-1, but the stack is in eu-west-1.',
  )
})

test('an existing key has no alias of the stack to watch', () => {
  const template = synth({
    existingKeyArn,
    address,
    alarmTopicArn: 'arn:aws:sns:eu-central-1:123456789012:alarms',
  })
  template.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: {
      detail: {
        eventName: ['UpdateAlias', 'DeleteAlias'],
        resources: { ARN: [existingKeyArn] },
      },
    },
  })
})

test('Managed Blockchain access exists only on request', () => {
  synth().resourceCountIs('AWS::ManagedBlockchain::Accessor', 0)
  const template = synth({ managedBlockchain: true })
  template.resourceCountIs('AWS::ManagedBlockchain::Accessor', 1)
  template.resourceCountIs('AWS::ManagedBlockchain::Node', 0)
})

test.each<[string, Partial<KeywardStackProps>, string]>([
  [
    'an administrator who signs',
    { users: [admin] },
    `${admin} is in both users and administrators. A principal that signs must not also administer, import or destroy the key. Remove it from one of the two lists.`,
  ],
  [
    'a break-glass role that signs',
    { users: [role('x')], breakGlass: [role('x')] },
    `${role('x')} is in both users and breakGlass.`,
  ],
  [
    'an importer who signs',
    {
      users: [role('x')],
      importers: [role('x')],
      origin: 'EXTERNAL',
      address,
    },
    `${role('x')} is in both users and importers.`,
  ],
  ['everybody', { users: ['*'] }, 'users: "*" is not allowed.'],
  [
    'the account root',
    { users: ['arn:aws:iam::123456789012:root'] },
    'users: "arn:aws:iam::123456789012:root" is not allowed.',
  ],
  [
    'an account number',
    { breakGlass: ['123456789012'] },
    'breakGlass: "123456789012" is not allowed.',
  ],
  [
    'a session',
    { users: ['arn:aws:sts::123456789012:assumed-role/a/b'] },
    'users: "arn:aws:sts::123456789012:assumed-role/a/b" is not allowed.',
  ],
  [
    'a role with a wildcard',
    { administrators: [role('adm*')] },
    `administrators: "${role('adm*')}" is not allowed.`,
  ],
  [
    'nobody to look after it',
    { administrators: [] },
    'administrators: specify',
  ],
  [
    'an unknown network',
    { network: 'rinkeby' },
    'network: "rinkeby" is not a known network.',
  ],
  ['chain id 0', { network: '0' }, 'network: "0" is not a known network.'],
  ['EXTERNAL without address', { origin: 'EXTERNAL' }, 'address: required'],
  ['an existing key without address', { existingKeyArn }, 'address: required'],
  [
    'an alias as existing key',
    {
      existingKeyArn: 'arn:aws:kms:eu-central-1:123456789012:alias/x',
      address,
    },
    'existingKeyArn: "arn:aws:kms:eu-central-1:123456789012:alias/x" is not the ARN',
  ],
  ['an address cut short', { address: '0x1234' }, 'address: "0x1234" is no'],
  [
    'an importer of a key that KMS makes',
    { importers: [role('x')] },
    "importers: you can't import key material into a key with the origin AWS_KMS.",
  ],
  [
    'a short waiting period',
    { minimumDeletionWindowDays: 6 },
    'minimumDeletionWindowDays: 6 is not allowed. Allowed: a whole number of days from 7 to 30.',
  ],
  [
    'roles for a key that exists',
    { existingKeyArn, address, administrators: [admin], origin: 'EXTERNAL' },
    'existingKeyArn: an existing key keeps its policy, alias and origin, so ' +
      "administrators and origin can't be combined with existingKeyArn.",
  ],
  [
    "an alias of AWS's",
    { alias: 'alias/aws/kms' },
    'alias: "alias/aws/kms" is not a valid alias.',
  ],
  [
    'an alias without its prefix',
    { alias: 'treasury' },
    'alias: "treasury" is not a valid alias.',
  ],
  [
    'a name that is too long for functions',
    { stackName: 'a'.repeat(50) },
    'Choose a stack name of up to 49 characters',
  ],
  [
    'a topic that is none',
    { alarmTopicArn: 'alarms' },
    'alarmTopicArn: "alarms" is not the ARN of an SNS topic.',
  ],
  [
    'address 0',
    { address: `0x${'0'.repeat(40)}` },
    'is not an address. Allowed: 0x followed by 40 hex digits, not all of them 0.',
  ],
  [
    'a fee that is not in ether',
    { maxTransactionFeeEther: '1e3' },
    'maxTransactionFeeEther: "1e3" is not allowed.',
  ],
  [
    'a fee of 0',
    { maxTransactionFeeEther: '0.0' },
    'maxTransactionFeeEther: "0.0" is not allowed.',
  ],
  [
    'two names for one caller',
    { invokers: { a: role('x'), b: role('x') } },
    `invokers: ${role('x')} has the names "a" and "b".`,
  ],
  [
    'a deployer who signs',
    { users: [role('d')], deployers: [role('D')] },
    `${role('D')} is in both users and deployers.`,
  ],
  [
    "CDK's deployer who signs",
    { users: [role('cdk-hnb659fds-cfn-exec-role-123456789012-eu-west-1')] },
    'but the CDK deploys with this role',
  ],
  ['nobody who deploys', { deployers: [] }, 'deployers: specify at least one'],
  ['a caller without name', { invokers: { '': role('x') } }, 'invokers: ""'],
  [
    'a caller who is anybody',
    { invokers: { pay: '*' } },
    'invokers.pay: "*" is not allowed.',
  ],
])('refuses %s', (_, props, message) => {
  expect(() => synth(props)).toThrow(message)
})

test('refuses an ARN that is not known at synth', () => {
  const app = new App()
  expect(
    () =>
      new KeywardStack(app, 'treasury', {
        network: 'sepolia',
        administrators: [
          new KeywardStack(app, 'other', {
            network: 'sepolia',
            administrators: [admin],
          }).eip1559Signer?.role.roleArn ?? '',
        ],
      }),
  ).toThrow(
    "administrators: an ARN that is known only at deployment can't be compared",
  )
})
