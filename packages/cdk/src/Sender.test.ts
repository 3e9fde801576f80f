import { App } from 'aws-cdk-lib'
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions'
import { beforeAll, describe, expect, test } from 'vitest'
import { ensureBuilt } from '../../../scripts/build.mjs'
import { ledgerTable } from '../../../test/support/ledgerTable.js'
import { KeywardStack, type KeywardStackProps } from './index.js'

// compliance.test.ts validates; it is most of what a synthesis costs.
process.env.CDK_VALIDATION = 'false'

const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`
const secret = (name: string) =>
  `arn:aws:secretsmanager:eu-central-1:123456789012:secret:${name}`
const parameter = (name: string) =>
  `arn:aws:ssm:eu-central-1:123456789012:parameter/${name}`
const rpcUrl = 'https://rpc.example'

beforeAll(() => ensureBuilt())

function make(props: Partial<KeywardStackProps> = {}) {
  return new KeywardStack(new App(), 'treasury', {
    network: 'sepolia',
    administrators: [role('admin')],
    analyticsReporting: false,
    ...props,
  })
}
const synth = (props?: Partial<KeywardStackProps>) =>
  Template.fromStack(make({ rpcUrl, ...props }))

type Properties = {
  PolicyDocument: {
    Statement: {
      Sid: string
      Action: string | string[]
      Resource: unknown
      Condition?: unknown
    }[]
  }
  Environment: { Variables: Record<string, unknown> }
  ReservedConcurrentExecutions?: number
}
const find = (template: Template, type: string, name: string) =>
  Object.entries(template.findResources(type)).find(([id]) =>
    id.startsWith(name),
  )?.[1].Properties as Properties

/** The permissions of a function's role, by statement name. */
function statements(template: Template, name: string) {
  const { PolicyDocument } = find(template, 'AWS::IAM::Policy', name)
  const { Statement } = PolicyDocument
  return new Map(Statement.map((each) => [each.Sid, each]))
}
const variables = (template: Template, name: string) =>
  find(template, 'AWS::Lambda::Function', name).Environment.Variables

test('the table has the form that the ledger needs, and outlives the stack', () => {
  const template = synth()
  const { TableName: _, ...shape } = ledgerTable('any')
  template.hasResource('AWS::DynamoDB::GlobalTable', {
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      // CloudFormation chooses it, so that it doesn't block the next stack.
      TableName: Match.absent(),
      KeySchema: shape.KeySchema,
      AttributeDefinitions: Match.arrayWith(shape.AttributeDefinitions),
      GlobalSecondaryIndexes: shape.GlobalSecondaryIndexes,
      BillingMode: 'PAY_PER_REQUEST',
      Replicas: [
        Match.objectLike({
          Region: { Ref: 'AWS::Region' },
          DeletionProtectionEnabled: true,
          PointInTimeRecoverySpecification: {
            PointInTimeRecoveryEnabled: true,
          },
        }),
      ],
    },
  })
})

test('both functions sign as the signers do, write the ledger, and can do nothing else', () => {
  const template = synth()
  const ledger = {
    'Fn::GetAtt': [expect.stringMatching(/^SenderLedger/), 'Arn'],
  }
  const index = (name: string) => ({ 'Fn::Join': ['', [ledger, name]] })
  for (const name of ['SenderFunction', 'SenderReconciler']) {
    const found = statements(template, name)
    expect([...found.keys()]).toEqual([
      'Sign',
      'Look',
      'SignFromHereOnly',
      'WriteFromHereOnly',
      'Log',
      'ReadLedger',
      'WriteLedger',
      ...(name === 'SenderFunction' ? ['KeepFailures'] : []),
    ])
    expect(found.get('ReadLedger')).toEqual({
      Sid: 'ReadLedger',
      Effect: 'Allow',
      Action: ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'],
      Resource: [ledger, index('/index/open'), index('/index/caller')],
    })
    expect(found.get('WriteLedger')).toEqual({
      Sid: 'WriteLedger',
      Effect: 'Allow',
      Action: ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
      Resource: ledger,
    })
    expect(found.get('WriteFromHereOnly')).toMatchObject({
      Effect: 'Deny',
      Resource: '*',
      Condition: found.get('SignFromHereOnly')?.Condition,
    })
    const [signer] = ['Eip1559'].map((each) => statements(template, each))
    expect(found.get('Sign')).toEqual(signer?.get('Sign'))
  }
  // Users of the key, like the signers.
  const [key] = Object.values(template.findResources('AWS::KMS::Key'))
  const users = key?.Properties.KeyPolicy.Statement.find(
    ({ Sid }: { Sid: string }) => Sid === 'UsersSign',
  )
  expect(users.Principal.AWS).toEqual(
    [
      'Eip1559Role',
      'LegacyRole',
      'SenderFunctionRole',
      'SenderReconcilerRole',
    ].map((name) => ({
      'Fn::GetAtt': [expect.stringMatching(`^${name}`), 'Arn'],
    })),
  )
})

describe("the table's policy", () => {
  const policyOf = (props?: Partial<KeywardStackProps>) => {
    const tables = synth(props).findResources('AWS::DynamoDB::GlobalTable')
    const [table] = Object.values(tables)
    return table?.Properties.Replicas[0].ResourcePolicy.PolicyDocument
  }
  const roleOf = (name: string) => ({
    'Fn::GetAtt': [expect.stringMatching(`^Sender${name}Role`), 'Arn'],
  })

  test('lets only the two roles write, and nobody delete', () => {
    expect(policyOf()).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'OnlyTheLedgersWritersWrite',
          Effect: 'Deny',
          Principal: { AWS: '*' },
          Action: [
            'dynamodb:BatchWriteItem',
            'dynamodb:PartiQLInsert',
            'dynamodb:PartiQLUpdate',
            'dynamodb:PutItem',
            'dynamodb:UpdateItem',
          ],
          Resource: '*',
          Condition: {
            ArnNotEquals: {
              'aws:PrincipalArn': [roleOf('Function'), roleOf('Reconciler')],
            },
          },
        },
        {
          Sid: 'NobodyDeletes',
          Effect: 'Deny',
          Principal: { AWS: '*' },
          Action: [
            'dynamodb:DeleteItem',
            'dynamodb:PartiQLDelete',
            'dynamodb:UpdateTimeToLive',
          ],
          Resource: '*',
        },
      ],
    })
  })

  test('also lets ledgerWriters write', () => {
    const writers = [role('batch'), 'arn:aws:iam::123456789012:user/ops']
    const [writes] = policyOf({ ledgerWriters: writers }).Statement
    expect(writes.Condition.ArnNotEquals['aws:PrincipalArn']).toEqual([
      roleOf('Function'),
      roleOf('Reconciler'),
      ...writers,
    ])
  })

  test.each([['*'], [role('*')], ['arn:aws:iam::123456789012:root']])(
    'is not opened to %s',
    (arn) => {
      expect(() => make({ rpcUrl, ledgerWriters: [arn] })).toThrow(
        /^ledgerWriters: .* is not allowed\./,
      )
    },
  )

  test("can't be set for an existing table, so there is a warning", () => {
    const warnings = Annotations.fromStack(
      make({ rpcUrl, existingLedgerTable: 'treasury-ledger' }),
    ).findWarning('*', Match.stringLikeRegexp('^existingLedgerTable: '))
    expect(warnings).toHaveLength(1)
    expect(warnings[0]?.entry.data).toContain(
      'run keyward ledger protect treasury-ledger --stack treasury.',
    )
  })
})

/**
 * The permissions of one of the reconciler's aliases, by the principal that may
 * invoke it.
 */
function permissionsOf(template: Template, alias: string) {
  const ref = { Ref: expect.stringMatching(`^SenderReconcilerAlias${alias}`) }
  return Object.values(template.findResources('AWS::Lambda::Permission'))
    .map(({ Properties }) => Properties)
    .filter(({ FunctionName }) => equals(FunctionName, ref))
}

function equals(actual: unknown, expected: unknown): boolean {
  try {
    expect(actual).toEqual(expected)
    return true
  } catch {
    return false
  }
}

test('the clock starts the reconciler through an alias that only its rule may invoke', () => {
  const template = synth()
  const Ref = Match.stringLikeRegexp('^SenderReconcilerAliasclock')
  template.hasResourceProperties('AWS::Events::Rule', {
    ScheduleExpression: 'rate(1 minute)',
    State: 'ENABLED',
    Targets: [
      Match.objectLike({
        Arn: { Ref },
        RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 },
      }),
    ],
  })
  expect(permissionsOf(template, 'clock')).toEqual([
    {
      Action: 'lambda:InvokeFunction',
      FunctionName: expect.anything(),
      Principal: 'events.amazonaws.com',
      SourceArn: {
        'Fn::GetAtt': [expect.stringMatching('^SenderSchedule'), 'Arn'],
      },
    },
  ])
})

test('only administrators invoke the reconciler through admin', () => {
  const administrators = [role('admin'), role('second'), role('admin')]
  const template = synth({
    administrators,
    invokers: { payouts: role('payouts') },
  })
  expect(permissionsOf(template, 'admin')).toEqual(
    [role('admin'), role('second')].map((Principal) => ({
      Action: 'lambda:InvokeFunction',
      FunctionName: expect.anything(),
      Principal,
    })),
  )
  expect(variables(template, 'SenderReconciler')).not.toHaveProperty(
    'KEYWARD_CALLERS',
  )
  template.hasOutput('ReconcilerAdminArn', {
    Value: { Ref: Match.stringLikeRegexp('^SenderReconcilerAliasadmin') },
  })
  // Asynchronous calls are never retried, through any alias.
  const configs = Object.values(
    template.findResources('AWS::Lambda::EventInvokeConfig'),
  ).map(({ Properties }) => Properties)
  for (const Qualifier of ['admin', 'clock'])
    expect(configs).toContainEqual({
      FunctionName: {
        Ref: expect.stringMatching('^SenderReconcilerFunction'),
      },
      MaximumRetryAttempts: 0,
      Qualifier,
    })
})

test('for an existing key, the stack lets nobody sign', () => {
  const template = Template.fromStack(
    make({
      rpcUrl,
      administrators: undefined,
      existingKeyArn:
        'arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555',
      address: `0x${'ab'.repeat(20)}`,
    } as never),
  )
  expect(permissionsOf(template, 'admin')).toEqual([])
})

test('callers have an alias of the sender; the reconciler has only its own aliases', () => {
  const template = synth({ invokers: { payouts: role('payouts') } })
  expect(variables(template, 'SenderFunction').KEYWARD_CALLERS).toBe('payouts')
  expect(variables(template, 'SenderReconciler')).not.toHaveProperty(
    'KEYWARD_CALLERS',
  )
  template.resourceCountIs('AWS::Lambda::Alias', 9)
  expect(Object.keys(template.findOutputs('*'))).toEqual(
    expect.arrayContaining([
      'SenderName',
      'SenderArn',
      'SenderForpayouts',
      'ReconcilerName',
      'LedgerTable',
    ]),
  )
})

test("the functions' environment", () => {
  const template = synth({
    rpcUrl: `${rpcUrl},https://other.example/rpc`,
    rpcAuth: `bearer:${secret('token-AbCdEf')}`,
    maxFeeGwei: '150',
    minTipGwei: '25',
    sendRpcUrl: parameter('relay'),
    finalEndpoints: 1,
    confirmations: 24,
    allowContractCreation: true,
    maxForeign: 10,
    newLedger: '17',
    webhookUrl: 'https://hook.example',
    webhookSecretArn: parameter('hook'),
    existingLedgerTable: 'treasury-ledger',
  })
  const told = {
    RPC_URL: `${rpcUrl},https://other.example/rpc`,
    RPC_AUTH: `bearer:${secret('token-AbCdEf')}`,
    MAX_FEE_GWEI: '150',
    MIN_TIP_GWEI: '25',
    SEND_RPC_URL: parameter('relay'),
    FINAL_ENDPOINTS: '1',
    CONFIRMATIONS: '24',
    ALLOW_CONTRACT_CREATION: 'true',
    MAX_FOREIGN: '10',
    NEW_LEDGER: '17',
    WEBHOOK_URL: 'https://hook.example',
    LEDGER_TABLE: 'treasury-ledger',
  }
  const { WEBHOOK_SECRET: none, ...sender } = variables(
    template,
    'SenderFunction',
  )
  expect(none).toBeUndefined()
  expect(sender).toMatchObject(told)
  expect(variables(template, 'SenderReconciler')).toMatchObject({
    ...told,
    WEBHOOK_SECRET: parameter('hook'),
  })
  template.resourceCountIs('AWS::DynamoDB::GlobalTable', 0)
})

test('failed asynchronous requests go to a queue, whichever alias they used', () => {
  const template = synth({ invokers: { payouts: role('payouts') } })
  const configs = Object.values(
    template.findResources('AWS::Lambda::EventInvokeConfig'),
  ).map(({ Properties }) => Properties)
  const ofSender = configs.filter(({ FunctionName }) =>
    /^SenderFunction/.test(FunctionName.Ref),
  )
  const queue = {
    'Fn::GetAtt': [expect.stringMatching(/^SenderFailures/), 'Arn'],
  }
  expect(
    ofSender.map(({ Qualifier, DestinationConfig }) => [
      Qualifier,
      DestinationConfig,
    ]),
  ).toEqual(
    expect.arrayContaining(
      ['$LATEST', 'payouts'].map((qualifier) => [
        qualifier,
        { OnFailure: { Destination: queue } },
      ]),
    ),
  )
  template.hasResourceProperties('AWS::SQS::Queue', {
    SqsManagedSseEnabled: true,
    MessageRetentionPeriod: 1_209_600,
  })
  // No other function's: the clock starts the reconciler again anyway.
  for (const config of configs)
    if (!ofSender.includes(config))
      expect(config).not.toHaveProperty('DestinationConfig')
})

describe('customer-managed keys', () => {
  const key = (n: number) =>
    `arn:aws:kms:eu-central-1:123456789012:key/${String(n).repeat(8)}-2222-3333-4444-555555555555`

  test('encrypt the table, and the functions may use it through DynamoDB', () => {
    const template = synth({
      ledgerKeyArn: key(1),
      rpcUrl: secret('rpc'),
      secretKeyArns: [key(2), key(3)],
    })
    expect(
      find(template, 'AWS::DynamoDB::GlobalTable', 'SenderLedger'),
    ).toMatchObject({
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
      Replicas: [{ SSESpecification: { KMSMasterKeyId: key(1) } }],
    })
    for (const name of ['SenderFunctionRole', 'SenderReconcilerRole']) {
      const { Statement } = find(
        template,
        'AWS::IAM::Policy',
        name,
      ).PolicyDocument
      const found = (sid: string) =>
        Statement.find(({ Sid }: { Sid: string }) => Sid === sid)
      expect(found('UseLedgerKey')).toMatchObject({
        Resource: key(1),
        Condition: { StringLike: { 'kms:ViaService': ['dynamodb.*'] } },
      })
      expect(found('DecryptSecrets')).toMatchObject({
        Action: 'kms:Decrypt',
        Resource: [key(2), key(3)],
        Condition: {
          StringLike: { 'kms:ViaService': ['secretsmanager.*', 'ssm.*'] },
        },
      })
    }
  })

  test('must be keys, and must encrypt something', () => {
    expect(() => synth({ ledgerKeyArn: 'alias/x' })).toThrow(
      'ledgerKeyArn: "alias/x" is not the ARN of a KMS key.',
    )
    expect(() => synth({ secretKeyArns: [key(1)] })).toThrow(
      'secretKeyArns: no setting is in a secret or parameter',
    )
  })
})

describe('secrets', () => {
  const read = (props: Partial<KeywardStackProps>, name: string) => {
    const found = statements(synth(props), name)
    return ['ReadSecrets', 'ReadParameters'].map((sid) => {
      const { Action, Resource } = found.get(sid) ?? {}
      return Action === undefined ? undefined : [Action, Resource]
    })
  }

  test('are readable only for the functions that need them', () => {
    const props = {
      rpcUrl: parameter('rpc'),
      rpcAuth: `bearer:${secret('token-AbCdEf')}`,
      webhookUrl: 'https://hook.example',
      webhookSecretArn: secret('hook'),
    }
    const parameters = ['ssm:GetParameter', parameter('rpc')]
    expect(read(props, 'SenderFunction')).toEqual([
      [
        'secretsmanager:GetSecretValue',
        [secret('token-AbCdEf'), `${secret('token-AbCdEf')}-??????`],
      ],
      parameters,
    ])
    // Secrets Manager appends six characters to the given name.
    expect(read(props, 'SenderReconciler')).toEqual([
      [
        'secretsmanager:GetSecretValue',
        [
          secret('token-AbCdEf'),
          `${secret('token-AbCdEf')}-??????`,
          `${secret('hook')}-??????`,
        ],
      ],
      parameters,
    ])
    expect(read({}, 'SenderReconciler')).toEqual([undefined, undefined])
  })

  test.each([
    'https://user:password@rpc.example',
    'https://rpc.example/?apikey=1',
    'https://rpc.example/v3/0123456789abcdef0123456789abcdef',
    `${rpcUrl},https://rpc.example/v2/_AbCdEfGhIjKlMnOpQrStUvWxYz`,
  ])("a URL with a key causes a warning that doesn't repeat it: %s", (url) => {
    const stack = make({ rpcUrl: url })
    const warnings = Annotations.fromStack(stack).findWarning(
      '*',
      Match.anyValue(),
    )
    expect(warnings).toHaveLength(1)
    expect(JSON.stringify(warnings[0]?.entry.data)).toMatch(
      /rpcUrl seems to contain a key/,
    )
    expect(JSON.stringify(warnings[0]?.entry.data)).not.toContain('rpc.example')
  })

  test('a URL without a key causes no warning', () => {
    for (const url of [rpcUrl, 'https://mainnet.base.org/', secret('x')])
      expect(
        Annotations.fromStack(make({ rpcUrl: url })).findWarning(
          '*',
          Match.anyValue(),
        ),
      ).toEqual([])
  })
})

test('sigv4 lets the functions call Managed Blockchain', () => {
  for (const name of ['SenderFunction', 'SenderReconciler'])
    expect(
      statements(synth({ rpcAuth: 'sigv4' }), name).get('AskManagedBlockchain'),
    ).toMatchObject({
      Action: [
        'managedblockchain:POST',
        'managedblockchain:InvokeRpcPolygonMainnet',
      ],
      Resource: '*',
    })
})

test('without a chain, no function sends', () => {
  const template = Template.fromStack(make())
  template.resourceCountIs('AWS::Lambda::Function', 2)
  template.resourceCountIs('AWS::DynamoDB::GlobalTable', 0)
  synth({ sender: false }).resourceCountIs('AWS::Lambda::Function', 2)
  // The local home provides its own.
  const local = Template.fromStack(make({ network: 'local' }))
  expect(variables(local, 'SenderFunction')).not.toHaveProperty('RPC_URL')
})

test('any number of foreign transactions, and a ledger that begins at any count', () => {
  const template = Template.fromStack(
    make({ network: 'local', maxForeign: 'unlimited', newLedger: 'any' }),
  )
  for (const name of ['SenderFunction', 'SenderReconciler'])
    expect(variables(template, name)).toMatchObject({
      MAX_FOREIGN: 'unlimited',
      NEW_LEDGER: 'any',
    })
})

test('with signers: false, the stack has only the functions that send', () => {
  const template = synth({ signers: false })
  const names = Object.values(
    template.findResources('AWS::Lambda::Function'),
  ).map(({ Properties }) => Properties.FunctionName)
  expect(names).toEqual(['treasury-sender', 'treasury-reconciler'])
  expect(Object.keys(template.findOutputs('*'))).not.toContain(
    'Eip1559SignerName',
  )
})

test('0 executions stop everything that signs; other numbers limit only callers', () => {
  const reserved = (count: number) => {
    const template = synth({ reservedConcurrentExecutions: count })
    return ['SenderFunction', 'SenderReconciler'].map(
      (name) =>
        find(template, 'AWS::Lambda::Function', name)
          .ReservedConcurrentExecutions,
    )
  }
  expect(reserved(0)).toEqual([0, 0])
  expect(reserved(5)).toEqual([5, undefined])
})

test('the alarms cover the new functions, roles and the ledger', () => {
  const template = synth({
    signers: false,
    alarmTopicArn: 'arn:aws:sns:eu-central-1:123456789012:alarms',
  })
  template.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: {
      detail: {
        requestParameters: {
          roleName: ['treasury-sender', 'treasury-reconciler'],
        },
      },
    },
  })
  const rules = Object.values(template.findResources('AWS::Events::Rule'))
    .map(({ Properties }) => Properties.EventPattern)
    .filter((pattern) => pattern?.source.includes('aws.dynamodb'))
  const table = { Ref: expect.stringMatching(/^SenderLedger/) }
  const suffix = { 'Fn::Join': ['', [':table/', table]] }
  const by = (requestParameters: object) => ({ requestParameters })
  expect(
    rules.map(({ detail }) => ({ names: detail.eventName, or: detail.$or })),
  ).toEqual([
    {
      names: [
        'CreateTable',
        'DeleteTable',
        'UpdateTable',
        'CreateTableReplica',
        'UpdateContinuousBackups',
        'UpdateTimeToLive',
        'PutResourcePolicy',
        'DeleteResourcePolicy',
      ],
      or: [
        by({ tableName: [table, { suffix }] }),
        by({ resourceArn: [{ suffix }] }),
      ],
    },
    {
      names: [
        'RestoreTableFromBackup',
        'RestoreTableFromAwsBackup',
        'RestoreTableToPointInTime',
        'DeleteBackup',
      ],
      or: [
        by({ sourceTableName: [table] }),
        by({ sourceTableArn: [{ suffix }] }),
        by({ targetTableName: [table] }),
        by({ backupArn: [{ prefix: expect.anything() }] }),
      ],
    },
    {
      names: ['ImportTable', 'CreateGlobalTable', 'UpdateGlobalTable'],
      or: [
        by({ globalTableName: [table] }),
        by({ tableCreationParameters: { tableName: [table] } }),
      ],
    },
  ])
  for (const pattern of rules) {
    const text = JSON.stringify(pattern)
    const names = text.split('"Ref":"SenderLedger').length - 1
    // EventBridge allows 2048 characters; a table's name may have 255.
    expect(text.length + names * 255).toBeLessThan(2048)
  }
})

test.each<[string, Partial<KeywardStackProps>, string]>([
  [
    'to send without a chain',
    { rpcUrl: undefined, sender: true } as never,
    'sender: requires rpcUrl, the URL of an RPC endpoint.',
  ],
  [
    'settings for nobody',
    { rpcUrl: undefined, maxFeeGwei: '1', confirmations: 1 } as never,
    "confirmations, maxFeeGwei: no effect, because the stack doesn't send transactions. " +
      'Set rpcUrl, or leave out confirmations and maxFeeGwei.',
  ],
  [
    'a stack without functions',
    { signers: false, sender: false },
    'signers: the value false leaves the stack without functions.',
  ],
  [
    'what is no URL, without repeating it',
    { rpcUrl: 'hunter2' },
    'rpcUrl: the value (7 characters) is not a URL.',
  ],
  [
    'a token in the open',
    { rpcAuth: 'bearer:hunter2' },
    'rpcAuth: the text after "bearer:" (7 characters) is not an ARN.',
  ],
  ['a way that nobody knows', { rpcAuth: 'basic' }, 'rpcAuth: the value (5'],
  ['a tip of 0', { minTipGwei: '0' }, 'minTipGwei: "0" is not allowed.'],
  [
    'more providers than are asked',
    { finalEndpoints: 3 },
    'finalEndpoints: 3 is not allowed. Allowed: 1 or 2 providers.',
  ],
  ['a fee of 0', { maxFeeGwei: '0' }, 'maxFeeGwei: "0" is not allowed.'],
  ['no confirmation', { confirmations: 0 }, 'confirmations: 0 is not allowed.'],
  [
    'half a transaction of others',
    { maxForeign: 0.5 },
    'maxForeign: "0.5" is not allowed. Allowed: a whole number of transactions from 0 to 1000000, or the word unlimited.',
  ],
  [
    'a ledger that begins at any count, where money is',
    { newLedger: 'any' },
    'newLedger: "any" is not allowed. Allowed: the number of transactions that the account has sent, as text.',
  ],
  [
    'a count that is none',
    { network: 'local', newLedger: '-1' },
    'newLedger: "-1" is not allowed. Allowed: the number of transactions that the account has sent, as text, or the word any.',
  ],
  ...['admin', 'clock', 'status'].map(
    (name): [string, Partial<KeywardStackProps>, string] => [
      `a caller called ${name}`,
      { invokers: { [name]: role('payouts') } },
      `invokers: the name "${name}" is reserved. Choose another name: Keyward itself uses admin, clock and status.`,
    ],
  ),
  [
    'settings of the ledger for nobody',
    { rpcUrl: undefined, maxForeign: 1, newLedger: '0' } as never,
    "maxForeign, newLedger: no effect, because the stack doesn't send transactions.",
  ],
  [
    'a webhook that cannot know who tells',
    { webhookUrl: 'https://hook.example' },
    'webhookUrl and webhookSecretArn belong together: webhookSecretArn is missing.',
  ],
  [
    'a webhook in clear',
    { webhookUrl: 'http://hook.example', webhookSecretArn: parameter('x') },
    'webhookUrl: the value (19 characters) is not an https URL of another machine.',
  ],
  [
    'a webhook on this machine, except on the local network',
    { webhookUrl: 'http://127.0.0.1:8787', webhookSecretArn: parameter('x') },
    'webhookUrl: the value (21 characters) is not an https URL of another machine.',
  ],
  [
    'nor with https',
    { webhookUrl: 'https://[::1]:9001', webhookSecretArn: parameter('x') },
    'webhookUrl: the value (18 characters) is not an https URL of another machine.',
  ],
  [
    'a secret in the open',
    { webhookUrl: 'https://hook.example', webhookSecretArn: 'hunter2' },
    'webhookSecretArn: the value (7 characters) is not an ARN.',
  ],
  [
    'a table that is none',
    { existingLedgerTable: 'a/b' },
    'existingLedgerTable: "a/b" is not a valid table name.',
  ],
])('refuses %s', (_, props, message) => {
  expect(() => make({ rpcUrl, ...props })).toThrow(message)
})

test('on the local network, the webhook can be on this machine', () => {
  const webhookUrl = 'http://127.0.0.1:8787/hook'
  const template = synth({
    ...{ network: 'local', webhookUrl, webhookSecretArn: parameter('hook') },
  })
  expect(variables(template, 'SenderReconciler')).toMatchObject({
    WEBHOOK_URL: webhookUrl,
  })
})
