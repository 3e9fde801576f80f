import {
  App,
  aws_ec2 as ec2,
  aws_lambda as lambda,
  Stack,
  aws_signer as signer,
} from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { beforeAll, expect, test } from 'vitest'
import { ensureBuilt } from '../../../scripts/build.mjs'
import { SignerFunction, type SignerFunctionProps } from './SignerFunction.js'
import { SigningKey } from './SigningKey.js'

// compliance.test.ts validates; it is most of what a synthesis costs.
process.env.CDK_VALIDATION = 'false'

const keyArn =
  'arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555'
const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`
const fromFunction = ['signer', 'signer:*'].map((name) => ({
  'Fn::Sub': `arn:\${AWS::Partition}:lambda:\${AWS::Region}:\${AWS::AccountId}:function:${name}`,
}))

beforeAll(() => ensureBuilt())

function make(
  props: Partial<SignerFunctionProps> | ((stack: Stack) => object) = {},
) {
  const stack = new Stack(new App(), 'Stack')
  const made = new SignerFunction(stack, 'Signer', {
    kind: 'eip1559-signer',
    functionName: 'signer',
    signingKey: keyArn,
    network: 'sepolia',
    ...(typeof props === 'function' ? props(stack) : props),
  })
  return { made, template: () => Template.fromStack(stack) }
}

const only = (template: Template, type: string) => {
  const [resource] = Object.values(template.findResources(type))
  return resource?.Properties
}
const statements = (template: Template) =>
  only(template, 'AWS::IAM::Policy').PolicyDocument.Statement

test('its role may sign with the key from the function, and write its log', () => {
  const template = make().template()
  expect(statements(template)).toEqual([
    {
      Sid: 'Sign',
      Effect: 'Allow',
      Action: 'kms:Sign',
      Resource: keyArn,
      Condition: {
        StringEquals: {
          'kms:SigningAlgorithm': 'ECDSA_SHA_256',
          'kms:MessageType': 'DIGEST',
        },
      },
    },
    {
      Sid: 'Look',
      Effect: 'Allow',
      Action: 'kms:GetPublicKey',
      Resource: keyArn,
    },
    {
      Sid: 'SignFromHereOnly',
      Effect: 'Deny',
      Action: 'kms:Sign',
      Resource: '*',
      Condition: {
        ArnNotLike: { 'lambda:SourceFunctionArn': fromFunction },
      },
    },
    {
      Sid: 'Log',
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: {
        'Fn::GetAtt': [expect.stringMatching(/^SignerLogs/), 'Arn'],
      },
    },
  ])
  expect(only(template, 'AWS::IAM::Role')).toMatchObject({
    RoleName: 'signer',
    AssumeRolePolicyDocument: {
      Statement: [
        {
          Action: 'sts:AssumeRole',
          Effect: 'Allow',
          Principal: { Service: 'lambda.amazonaws.com' },
        },
      ],
    },
  })
})

test('its environment', () => {
  const template = make({
    address: `0x${'Ab'.repeat(20)}`,
    logLevel: 'DEBUG',
    maxTransactionFeeEther: '0.05',
    reservedConcurrentExecutions: 0,
    network: '17000',
  }).template()
  expect(only(template, 'AWS::Lambda::Function')).toMatchObject({
    Environment: {
      Variables: {
        KMS_KEY_ID: keyArn,
        ETH_NETWORK: '17000',
        LOG_LEVEL: 'DEBUG',
        KEYWARD_ADDRESS: `0x${'Ab'.repeat(20)}`,
        MAX_TX_FEE_ETHER: '0.05',
      },
    },
    LoggingConfig: { LogFormat: 'JSON', ApplicationLogLevel: 'DEBUG' },
    ReservedConcurrentExecutions: 0,
  })
  expect(only(template, 'AWS::Logs::LogGroup')).toEqual({
    RetentionInDays: 365,
  })
})

test("its environment has at most 4096 bytes of JSON, Lambda's limit", () => {
  const callers = (...lengths: number[]) =>
    Object.fromEntries(
      lengths.map((length, n) => [
        `c${n}-`.padEnd(length, 'x'),
        role(`caller-${n}`),
      ]),
    )
  const told = (props: Parameters<typeof make>[0]) =>
    only(make(props).template(), 'AWS::Lambda::Function').Environment.Variables
  const thirty = Array.from({ length: 30 }, () => 128)
  const invokers = callers(...thirty, 30)
  const size = JSON.stringify(told({ invokers })).length
  expect(size).toBeLessThanOrEqual(4096)
  expect(() => told({ invokers: callers(...thirty, 128) })).toThrow(
    `signer: the function's environment would have up to ${size + 98} bytes, but Lambda allows only 4096. The largest variables are KEYWARD_CALLERS (4000 bytes), KMS_KEY_ID (80 bytes) and ETH_NETWORK (9 bytes). Use fewer callers`,
  )
  // Values known only at deployment count with their maximum length.
  const signingKey = (stack: Stack) =>
    new SigningKey(stack, 'Key', {
      administrators: [role('admin')],
      deployers: [role('deployer')],
    })
  expect(() =>
    told((stack) => ({ invokers, signingKey: signingKey(stack) })),
  ).toThrow(`up to ${size + 50} bytes`)
})

test('no asynchronous request is retried, through any alias', () => {
  const template = make({ invokers: { payouts: role('payouts') } }).template()
  const configs = Object.values(
    template.findResources('AWS::Lambda::EventInvokeConfig'),
  ).map(({ Properties }) => [
    Properties.Qualifier,
    Properties.MaximumRetryAttempts,
  ])
  expect(configs).toEqual([
    ['$LATEST', 0],
    ['payouts', 0],
  ])
})

test('a caller that is added later is like the others', () => {
  const { made, template } = make({ invokers: { payouts: role('payouts') } })
  made.grantInvoke('bridge', role('bridge'))
  expect(() => made.grantInvoke('bridge', role('other'))).toThrow(
    `invokers: the name "bridge" already belongs to ${role('bridge')}. Choose another name for ${role('other')}.`,
  )
  expect([...made.aliases.keys()]).toEqual(['payouts', 'bridge'])
  expect(
    only(template(), 'AWS::Lambda::Function').Environment.Variables
      .KEYWARD_CALLERS,
  ).toBe('payouts,bridge')
})

test('without callers, nobody gets permissions', () => {
  const template = make().template()
  template.resourceCountIs('AWS::Lambda::Permission', 0)
  template.resourceCountIs('AWS::Lambda::Url', 0)
  const { Variables } = only(template, 'AWS::Lambda::Function').Environment
  expect(Variables).not.toHaveProperty('KEYWARD_CALLERS')
  expect(Variables).not.toHaveProperty('KEYWARD_ANY_CALLER')
})

test('each function has an alias for the address, which is not a caller', () => {
  const template = make({ invokers: { payouts: role('payouts') } }).template()
  const names = Object.values(template.findResources('AWS::Lambda::Alias')).map(
    ({ Properties }) => Properties.Name,
  )
  expect(names.sort()).toEqual(['payouts', 'status'])
  const { Variables } = only(template, 'AWS::Lambda::Function').Environment
  expect(Variables.KEYWARD_CALLERS).toBe('payouts')
  expect(() => make({ invokers: { status: role('x') } })).toThrow(
    'invokers: the name "status" is reserved. Choose another name: Keyward itself uses admin, clock and status. If the stack already has a caller with this name, first rename it with the version of Keyward that deployed the stack, and switch the caller to the new alias. Then deploy with this version.',
  )
})

test('with anyCaller, everybody who may invoke it is accepted, and there are no callers', () => {
  const template = make({ anyCaller: true }).template()
  expect(
    only(template, 'AWS::Lambda::Function').Environment.Variables,
  ).toMatchObject({ KEYWARD_ANY_CALLER: 'true' })
  const both = { anyCaller: true, invokers: { payouts: role('payouts') } }
  expect(() => make(both)).toThrow(
    'anyCaller: invokers are set, so nobody else can invoke the functions. ' +
      'Leave out either anyCaller or invokers.',
  )
})

test('in a network, it signs only through the endpoint', () => {
  const template = make((stack) => ({
    vpc: ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-1',
      availabilityZones: ['a'],
      privateSubnetIds: ['subnet-1'],
    }),
    kmsVpcEndpointId: 'vpce-0a1b2c3d4e5f60718',
  })).template()
  const attach = [
    'ec2:CreateNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:DeleteNetworkInterface',
    'ec2:AssignPrivateIpAddresses',
    'ec2:UnassignPrivateIpAddresses',
  ]
  expect(statements(template).slice(4)).toEqual([
    {
      Sid: 'SignThroughEndpointOnly',
      Effect: 'Deny',
      Action: 'kms:Sign',
      Resource: '*',
      Condition: {
        StringNotEquals: { 'aws:SourceVpce': 'vpce-0a1b2c3d4e5f60718' },
      },
    },
    { Sid: 'AttachToVpc', Effect: 'Allow', Action: attach, Resource: '*' },
    {
      Sid: 'CodeLeavesVpcAlone',
      Effect: 'Deny',
      Action: attach,
      Resource: '*',
      Condition: { ArnLike: { 'lambda:SourceFunctionArn': fromFunction } },
    },
  ])
  expect(only(template, 'AWS::Lambda::Function').VpcConfig.SubnetIds).toEqual([
    'subnet-1',
  ])
  expect(only(template, 'AWS::IAM::Role')).not.toHaveProperty(
    'ManagedPolicyArns',
  )
})

test('runs only signed code, on request', () => {
  const template = make((stack) => ({
    codeSigningConfig: new lambda.CodeSigningConfig(stack, 'Signing', {
      signingProfiles: [
        new signer.SigningProfile(stack, 'Profile', {
          platform: signer.Platform.AWS_LAMBDA_SHA384_ECDSA,
        }),
      ],
      untrustedArtifactOnDeployment:
        lambda.UntrustedArtifactOnDeployment.ENFORCE,
    }),
  })).template()
  expect(
    only(template, 'AWS::Lambda::Function').CodeSigningConfigArn,
  ).toBeDefined()
})

test.each([
  ['a b', 'is not a valid caller name'],
  ['7', 'is not a valid caller name'],
  ['$LATEST', 'is not a valid caller name'],
])('refuses %j as a caller', (name, message) => {
  expect(() => make({ invokers: { [name]: role('x') } })).toThrow(message)
})

const subnetIds = ['subnet-0a1b2c3d', 'subnet-0a1b2c3d4e5f60718']
const securityGroupIds = ['sg-0a1b2c3d']

test('it runs in the network that the ids specify', () => {
  const template = make({ subnetIds, securityGroupIds }).template()
  expect(only(template, 'AWS::Lambda::Function').VpcConfig).toEqual({
    SubnetIds: subnetIds,
    SecurityGroupIds: securityGroupIds,
  })
  expect(statements(template).map(({ Sid }: { Sid: string }) => Sid)).toEqual(
    expect.arrayContaining(['AttachToVpc', 'CodeLeavesVpcAlone']),
  )
})

test.each<[string, Partial<SignerFunctionProps>, string]>([
  [
    'an endpoint without a network',
    { kmsVpcEndpointId: 'vpce-0a1b2c3d' },
    "kmsVpcEndpointId: functions outside a VPC can't use a VPC endpoint, so they couldn't sign.",
  ],
  [
    'what is no endpoint',
    { subnetIds, securityGroupIds, kmsVpcEndpointId: 'vpc-0a1b2c3d' },
    'kmsVpcEndpointId: "vpc-0a1b2c3d" is not a valid id. Allowed: vpce- followed by 8 or 17 hex digits.',
  ],
  [
    'what is no subnet',
    { subnetIds: ['vpc-0a1b2c3d'], securityGroupIds },
    'subnetIds: "vpc-0a1b2c3d" is not a valid id.',
  ],
  [
    'subnets alone',
    { subnetIds },
    'subnetIds and securityGroupIds belong together: securityGroupIds is missing.',
  ],
  [
    'more groups than Lambda takes',
    { subnetIds, securityGroupIds: Array(6).fill('sg-0a1b2c3d') },
    'use at most 16 subnets and 5 security groups.',
  ],
])('refuses %s', (_, props, message) => {
  expect(() => make(props)).toThrow(message)
})
