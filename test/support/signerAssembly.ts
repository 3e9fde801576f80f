// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Fn::Sub looks so.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

type Json = Record<string, unknown>

const sub = (text: string) => ({ 'Fn::Sub': text })
const att = (id: string, name = 'Arn') => ({ 'Fn::GetAtt': [id, name] })
const role = (name: string) =>
  sub(
    `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/\${AWS::StackName}-${name}`,
  )
const root = sub('arn:${AWS::Partition}:iam::${AWS::AccountId}:root')
const deployer = sub(
  'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/cdk-hnb659fds-cfn-exec-role-${AWS::AccountId}-${AWS::Region}',
)

const allow = (principal: unknown, actions: string[], Condition?: Json) => ({
  Effect: 'Allow',
  Principal: { AWS: principal },
  Action: actions.map((action) => `kms:${action}`),
  Resource: '*',
  ...(Condition && { Condition }),
})
const denyAll = (actions: string[], Condition?: Json) => ({
  ...allow('*', actions, Condition),
  Effect: 'Deny',
})
const denyOthers = (names: unknown[], actions: string[]) =>
  denyAll(actions, { ArnNotEquals: { 'aws:PrincipalArn': names } })

const signMode = {
  StringEquals: {
    'kms:SigningAlgorithm': 'ECDSA_SHA_256',
    'kms:MessageType': 'DIGEST',
  },
}
const signerRole = att('SignerRole')

/** A key policy of the kind that Keyward's own stack has. */
export const keyPolicy = (): Json => ({
  Version: '2012-10-17',
  Statement: [
    { ...allow(root, ['*']), Action: 'kms:*' },
    allow(role('admin'), [
      'DescribeKey',
      'GetKeyPolicy',
      'GetPublicKey',
      'List*',
      'EnableKey',
      'DisableKey',
      'TagResource',
      'UntagResource',
      'UpdateKeyDescription',
      'CancelKeyDeletion',
      'PutKeyPolicy',
      'CreateAlias',
      'UpdateAlias',
      'DeleteAlias',
    ]),
    allow([signerRole, role('user')], ['Sign'], signMode),
    allow([signerRole, role('user')], ['GetPublicKey', 'DescribeKey']),
    allow(role('importer'), [
      'DescribeKey',
      'GetPublicKey',
      'ListResourceTags',
    ]),
    allow(role('importer'), ['GetParametersForImport'], {
      StringEquals: { 'kms:WrappingAlgorithm': 'RSA_AES_KEY_WRAP_SHA_256' },
    }),
    allow(role('importer'), ['ImportKeyMaterial'], {
      StringEquals: { 'kms:ExpirationModel': 'KEY_MATERIAL_DOES_NOT_EXPIRE' },
    }),
    allow(role('break-glass'), [
      'DisableKey',
      'DeleteImportedKeyMaterial',
      'ScheduleKeyDeletion',
    ]),
    allow(deployer, [
      'PutKeyPolicy',
      'Get*',
      'Describe*',
      'TagResource',
      'UntagResource',
      'UpdateKeyDescription',
      'CreateAlias',
      'UpdateAlias',
      'DeleteAlias',
    ]),
    denyOthers([signerRole, role('user')], ['Sign']),
    denyOthers([role('admin'), deployer, root], ['PutKeyPolicy']),
    denyOthers(
      [role('importer')],
      ['GetParametersForImport', 'ImportKeyMaterial'],
    ),
    denyOthers(
      [role('break-glass')],
      ['ScheduleKeyDeletion', 'DeleteImportedKeyMaterial'],
    ),
    denyOthers([role('break-glass'), role('admin')], ['DisableKey']),
    denyAll(['ScheduleKeyDeletion'], {
      NumericLessThan: { 'kms:ScheduleKeyDeletionPendingWindowInDays': '30' },
    }),
    denyAll(['CreateGrant', 'ReplicateKey']),
    denyAll(['CreateGrant'], {
      BoolIfExists: {
        'kms:GrantIsForAWSResource': 'false',
        'aws:PrincipalIsAWSService': 'false',
      },
    }),
    denyAll(['PutKeyPolicy'], {
      Bool: { 'kms:BypassPolicyLockoutSafetyCheck': 'true' },
    }),
  ],
})

/** A stack with everything that Keyward's own has, in short. */
export const signerTemplate = (): {
  Resources: Record<string, Json>
} & Json => ({
  Description: 'A key and a function that signs with it',
  Parameters: {
    Network: { Type: 'String', Default: 'local', AllowedPattern: '[a-z]+' },
    BootstrapVersion: {
      Type: 'AWS::SSM::Parameter::Value<String>',
      Default: '/cdk-bootstrap/hnb659fds/version',
    },
  },
  Conditions: {
    IsLocal: { 'Fn::Equals': [{ Ref: 'Network' }, 'local'] },
    IsReal: { 'Fn::Not': [{ Condition: 'IsLocal' }] },
  },
  Mappings: { Memory: { local: { size: '256' }, other: { size: '512' } } },
  Rules: {
    CheckBootstrapVersion: {
      Assertions: [
        {
          Assert: {
            'Fn::Not': [
              {
                'Fn::Contains': [
                  ['1', '2', '3', '4', '5'],
                  { Ref: 'BootstrapVersion' },
                ],
              },
            ],
          },
          AssertDescription: 'Bootstrap again.',
        },
      ],
    },
  },
  Resources: {
    Key: {
      Type: 'AWS::KMS::Key',
      Properties: {
        Description: sub('Signs for ${Network}'),
        KeySpec: 'ECC_SECG_P256K1',
        KeyUsage: 'SIGN_VERIFY',
        KeyPolicy: keyPolicy(),
        PendingWindowInDays: 30,
        Tags: [{ Key: 'team', Value: 'red' }],
      },
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    },
    Alias: {
      Type: 'AWS::KMS::Alias',
      Properties: {
        AliasName: sub('alias/${AWS::StackName}'),
        TargetKeyId: att('Key'),
      },
    },
    SignerRole: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: sub('${AWS::StackName}-signer'),
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: 'lambda.amazonaws.com' },
              Action: 'sts:AssumeRole',
            },
          ],
        },
      },
    },
    SignerPolicy: {
      Type: 'AWS::IAM::Policy',
      Properties: {
        PolicyName: 'SignerPolicy',
        Roles: [{ Ref: 'SignerRole' }],
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Deny',
              Action: 'kms:Sign',
              Resource: '*',
              Condition: {
                ArnNotEquals: {
                  'lambda:SourceFunctionArn': sub(
                    'arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${AWS::StackName}-signer',
                  ),
                },
              },
            },
            {
              Effect: 'Allow',
              Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
              Resource: att('Logs'),
            },
          ],
        },
      },
    },
    Logs: {
      Type: 'AWS::Logs::LogGroup',
      Properties: {
        LogGroupName: sub('/aws/lambda/${AWS::StackName}-signer'),
        RetentionInDays: 365,
      },
      DeletionPolicy: 'Retain',
    },
    Function: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: sub('${AWS::StackName}-signer'),
        Code: {
          S3Bucket: sub(
            'cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}',
          ),
          S3Key: 'code.zip',
        },
        Handler: 'index.handler',
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Role: signerRole,
        MemorySize: {
          'Fn::FindInMap': [
            'Memory',
            { 'Fn::If': ['IsLocal', 'local', 'other'] },
            'size',
          ],
        },
        Timeout: 30,
        LoggingConfig: {
          LogFormat: 'JSON',
          ApplicationLogLevel: 'INFO',
          LogGroup: { Ref: 'Logs' },
        },
        Environment: {
          Variables: {
            KMS_KEY_ID: att('Key'),
            ETH_NETWORK: { Ref: 'Network' },
            KEYWARD_ADDRESS: {
              'Fn::If': ['IsReal', '0x00', { Ref: 'AWS::NoValue' }],
            },
          },
        },
      },
      DependsOn: ['SignerPolicy'],
    },
    Version: {
      Type: 'AWS::Lambda::Version',
      Properties: { FunctionName: { Ref: 'Function' } },
    },
    Alice: {
      Type: 'AWS::Lambda::Alias',
      Properties: {
        FunctionName: { Ref: 'Function' },
        FunctionVersion: att('Version', 'Version'),
        Name: 'alice',
      },
    },
    AlicePermission: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        Action: 'lambda:InvokeFunction',
        FunctionName: { Ref: 'Alice' },
        Principal: role('alice'),
      },
    },
    NoRetries: {
      Type: 'AWS::Lambda::EventInvokeConfig',
      Properties: {
        FunctionName: { Ref: 'Function' },
        Qualifier: '$LATEST',
        MaximumRetryAttempts: 0,
      },
    },
    Topic: { Type: 'AWS::SNS::Topic' },
    Rule: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventPattern: { source: ['aws.kms'] },
        Targets: [{ Id: 'Target0', Arn: { Ref: 'Topic' } }],
      },
    },
    OnlyReal: {
      Type: 'AWS::CloudWatch::Alarm',
      Condition: 'IsReal',
      Properties: { AlarmName: 'x' },
    },
    CDKMetadata: {
      Type: 'AWS::CDK::Metadata',
      Properties: { Analytics: 'v2' },
    },
  },
  Outputs: {
    KeyArn: {
      Value: att('Key'),
      Export: { Name: sub('${AWS::StackName}-key') },
    },
    AliceArn: { Value: { Ref: 'Alice' } },
    Parts: {
      Value: {
        'Fn::Join': [
          '/',
          [
            { 'Fn::Select': [5, { 'Fn::Split': [':', att('Logs')] }] },
            { 'Fn::Select': ['1', ['a', { Ref: 'AWS::StackName' }]] },
          ],
        ],
      },
    },
    Absent: { Condition: 'IsReal', Value: 'x' },
  },
})

const code = `export const handler = async () => ({ key: process.env.KMS_KEY_ID })\n`

/** Writes an assembly as `cdk synth` does, with the code of its function. */
export function writeAssembly(
  folder: string,
  template: unknown,
  options: { stackName?: string; code?: string } = {},
): string {
  const { stackName = 'signers' } = options
  mkdirSync(join(folder, 'asset.code'), { recursive: true })
  const write = (name: string, value: unknown) =>
    writeFileSync(
      join(folder, name),
      typeof value === 'string' ? value : JSON.stringify(value),
    )
  write('asset.code/index.mjs', options.code ?? code)
  write('stack.template.json', template)
  write('stack.assets.json', {
    version: '48.0.0',
    files: {
      code: {
        source: { path: 'asset.code', packaging: 'zip' },
        destinations: {
          here: { bucketName: 'b', objectKey: 'code.zip' },
        },
      },
    },
    dockerImages: {},
  })
  write('manifest.json', {
    version: '48.0.0',
    artifacts: {
      'stack.assets': {
        type: 'cdk:asset-manifest',
        properties: { file: 'stack.assets.json' },
      },
      stack: {
        type: 'aws:cloudformation:stack',
        properties: { templateFile: 'stack.template.json', stackName },
      },
      Tree: { type: 'cdk:tree', properties: { file: 'tree.json' } },
    },
  })
  return folder
}
