import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CloudFormationClient,
  CreateChangeSetCommand,
  type CreateChangeSetCommandInput,
  CreateStackCommand,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  GetTemplateCommand,
  ListExportsCommand,
  ListStacksCommand,
  RollbackStackCommand,
  UpdateStackCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation'
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs'
import {
  DescribeKeyCommand,
  KMSClient,
  ListKeysCommand,
} from '@aws-sdk/client-kms'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  createLocalHome,
  type LocalHome,
} from '../../packages/local/src/index.js'

// CloudFormation and STS of the local home, driven by AWS's own SDK.

const account = '000000000000'
const region = 'us-east-1'
const role = (name: string) => `arn:aws:iam::${account}:role/${name}`
const ofBootstrap = (name: string) =>
  role(`cdk-hnb659fds-${name}-role-${account}-${region}`)
const statement = (Action: string[], Resource = '*') => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource }],
})
const allOfStacks = ['cloudformation:*']

let folder = ''
let home: LocalHome
let operator: CloudFormationClient
const open = () =>
  createLocalHome({ dataDir: join(folder, 'home'), port: 0, chain: false })
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyward cloudformation '))
  home = await open()
  operator = as('operator')
})
afterEach(async () => {
  await home.close()
  await rm(folder, { recursive: true, force: true })
})

const connection = (credentials: object) => ({
  endpoint: home.endpoint,
  region,
  credentials: credentials as never,
  maxAttempts: 1,
})
const as = (name: string) =>
  new CloudFormationClient(connection(home.credentials(name)))
const sts = (name: string) => new STSClient(connection(home.credentials(name)))
/** Users and roles beside those of every home. */
async function declare(principals: Record<string, object[]>) {
  await home.close()
  const path = join(folder, 'home', 'principals.json')
  await writeFile(path, JSON.stringify(principals), { mode: 0o600 })
  home = await open()
  operator = as('operator')
}

type Properties = Record<string, unknown>
const template = (more: Record<string, unknown> = {}, days = 7) => ({
  Description: 'A key and its logs',
  Parameters: {
    Who: { Type: 'String', Default: 'me' },
    Secret: { Type: 'String', Default: 's3cret', NoEcho: true },
  },
  Resources: {
    Key: {
      Type: 'AWS::KMS::Key',
      DeletionPolicy: 'Retain',
      Properties: { KeySpec: 'ECC_SECG_P256K1', KeyUsage: 'SIGN_VERIFY' },
    },
    Logs: {
      Type: 'AWS::Logs::LogGroup',
      Properties: { LogGroupName: '/stack/logs', RetentionInDays: days },
    },
    ...more,
  },
  Outputs: {
    KeyArn: {
      Description: 'of the key',
      Value: { 'Fn::GetAtt': ['Key', 'Arn'] },
      Export: { Name: 'the-key' },
    },
    StackId: { Value: { Ref: 'AWS::StackId' } },
    Who: { Value: { Ref: 'Who' } },
  },
})
const failing = {
  Alias: {
    Type: 'AWS::Lambda::Alias',
    Properties: { FunctionName: 'nobody', FunctionVersion: '7', Name: 'a' },
  },
}
const body = (value: unknown) => JSON.stringify(value)
const create = (client: CloudFormationClient, more: Properties = {}) =>
  client.send(
    new CreateStackCommand({
      StackName: 'one',
      TemplateBody: body(template()),
      ...more,
    }),
  )
const plan = (more: Partial<CreateChangeSetCommandInput>) =>
  operator.send(
    new CreateChangeSetCommand({
      StackName: 'one',
      ChangeSetName: 'change',
      ChangeSetType: 'UPDATE',
      TemplateBody: body(template({}, 30)),
      ...more,
    }),
  )
const describeOne = async (name = 'one') =>
  (await operator.send(new DescribeStacksCommand({ StackName: name })))
    .Stacks?.[0]
const settled = async (name = 'one') => {
  for (;;) {
    const stack = await describeOne(name)
    if (!/(?<!REVIEW)_IN_PROGRESS$/.test(stack?.StackStatus ?? '')) return stack
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
const events = async (name: string) =>
  (
    (await operator.send(new DescribeStackEventsCommand({ StackName: name })))
      .StackEvents ?? []
  )
    .map(({ LogicalResourceId, ResourceStatus, ResourceStatusReason = '' }) =>
      `${LogicalResourceId} ${ResourceStatus} ${ResourceStatusReason}`.trim(),
    )
    .reverse()
const refusal = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => new Error('was not refused'),
    (error: Error) => error,
  )
  return `${error.name}: ${error.message}`
}

describe('a stack', () => {
  test('is created, changed and deleted, and tells of it', async () => {
    await create(operator, {
      Parameters: [{ ParameterKey: 'Who', ParameterValue: 'you' }],
      Tags: [{ Key: 'team', Value: 'red & "blue"' }],
      ClientRequestToken: 'token',
    })
    const stack = await settled()
    const id = stack?.StackId ?? ''
    expect(stack).toMatchObject({
      StackName: 'one',
      StackStatus: 'CREATE_COMPLETE',
      Description: 'A key and its logs',
      Parameters: [
        { ParameterKey: 'Who', ParameterValue: 'you' },
        { ParameterKey: 'Secret', ParameterValue: '****' },
      ],
      Tags: [{ Key: 'team', Value: 'red & "blue"' }],
      EnableTerminationProtection: false,
    })
    expect(id).toMatch(
      /^arn:aws:cloudformation:us-east-1:000000000000:stack\/one\/[0-9a-f-]{36}$/,
    )
    const keyArn = stack?.Outputs?.[0]?.OutputValue
    expect(stack?.Outputs).toEqual([
      {
        OutputKey: 'KeyArn',
        OutputValue: home.keys()[0]?.arn,
        Description: 'of the key',
        ExportName: 'the-key',
      },
      { OutputKey: 'StackId', OutputValue: id },
      { OutputKey: 'Who', OutputValue: 'you' },
    ])
    expect(await events('one')).toEqual([
      'one CREATE_IN_PROGRESS User Initiated',
      'Key CREATE_IN_PROGRESS',
      'Key CREATE_IN_PROGRESS Resource creation Initiated',
      'Key CREATE_COMPLETE',
      'Logs CREATE_IN_PROGRESS',
      'Logs CREATE_IN_PROGRESS Resource creation Initiated',
      'Logs CREATE_COMPLETE',
      'one CREATE_COMPLETE',
    ])
    const { Exports } = await operator.send(new ListExportsCommand({}))
    expect(Exports).toEqual([
      { ExportingStackId: id, Name: 'the-key', Value: keyArn },
    ])

    await plan({})
    const changes = await operator.send(
      new DescribeChangeSetCommand({
        StackName: 'one',
        ChangeSetName: 'change',
      }),
    )
    expect(changes).toMatchObject({
      Status: 'CREATE_COMPLETE',
      ExecutionStatus: 'AVAILABLE',
      Changes: [
        {
          Type: 'Resource',
          ResourceChange: {
            Action: 'Modify',
            LogicalResourceId: 'Logs',
            PhysicalResourceId: '/stack/logs',
            ResourceType: 'AWS::Logs::LogGroup',
            Replacement: 'False',
            Scope: ['Properties'],
          },
        },
      ],
    })
    await operator.send(
      new ExecuteChangeSetCommand({
        StackName: 'one',
        ChangeSetName: 'change',
      }),
    )
    expect(await settled()).toMatchObject({
      StackId: id,
      StackStatus: 'UPDATE_COMPLETE',
      Outputs: [{ OutputValue: keyArn }, {}, { OutputValue: 'me' }],
      Tags: [{ Key: 'team' }],
    })
    const { TemplateBody } = await operator.send(
      new GetTemplateCommand({ StackName: 'one' }),
    )
    expect(TemplateBody).toBe(body(template({}, 30)))

    await operator.send(new DeleteStackCommand({ StackName: 'one' }))
    expect(await refusal(describeOne())).toBe(
      'ValidationError: Stack with id one does not exist',
    )
    expect(await settled(id)).toMatchObject({
      StackStatus: 'DELETE_COMPLETE',
      DeletionTime: expect.any(Date),
    })
    expect((await events(id)).slice(-5)).toEqual([
      'one DELETE_IN_PROGRESS User Initiated',
      'Logs DELETE_IN_PROGRESS',
      'Logs DELETE_COMPLETE',
      'Key DELETE_SKIPPED',
      'one DELETE_COMPLETE',
    ])
    expect(home.keys()).toMatchObject([{ arn: keyArn }])
    const { StackSummaries } = await operator.send(
      new ListStacksCommand({ StackStatusFilter: ['DELETE_COMPLETE'] }),
    )
    expect(StackSummaries).toMatchObject([{ StackId: id }])
    await operator.send(new DeleteStackCommand({ StackName: 'one' }))
  })

  test('that fails goes back, and keeps what it retains', async () => {
    await create(operator, { TemplateBody: body(template(failing)) })
    expect(await settled()).toMatchObject({ StackStatus: 'ROLLBACK_COMPLETE' })
    expect((await events('one')).slice(-7)).toEqual([
      'Alias CREATE_IN_PROGRESS',
      expect.stringMatching(
        /^Alias CREATE_FAILED Resource handler returned message: "Function not found: arn:aws:lambda:us-east-1:000000000000:function:nobody \(Service: Lambda, Status Code: 404, Request ID: .*\)" \(RequestToken: .*, HandlerErrorCode: NotFound\)$/,
      ),
      'one ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [Alias]. Rollback requested by user.',
      'Logs DELETE_IN_PROGRESS',
      'Logs DELETE_COMPLETE',
      'Key DELETE_SKIPPED',
      'one ROLLBACK_COMPLETE',
    ])
    expect(await refusal(plan({}))).toMatch(
      /^ValidationError: Stack:arn:.* is in ROLLBACK_COMPLETE state and can not be updated\.$/,
    )
    await operator.send(new DeleteStackCommand({ StackName: 'one' }))
    await create(operator)
    expect(await settled()).toMatchObject({ StackStatus: 'CREATE_COMPLETE' })
  })

  test('that fails schedules the deletion of a key that only its creation takes, if its policy lets it', async () => {
    const key = (DeletionPolicy: string, ...denied: string[]) => ({
      Type: 'AWS::KMS::Key',
      DeletionPolicy,
      Properties: {
        KeySpec: 'ECC_SECG_P256K1',
        KeyUsage: 'SIGN_VERIFY',
        KeyPolicy: {
          Version: '2012-10-17',
          Statement: [
            {
              ...{ Effect: 'Allow', Action: 'kms:*', Resource: '*' },
              Principal: { AWS: `arn:aws:iam::${account}:user/operator` },
            },
            ...denied.map((Action) => ({
              ...{ Effect: 'Deny', Action, Resource: '*', Principal: '*' },
            })),
          ],
        },
      },
    })
    const closed = key('RetainExceptOnCreate', 'kms:ScheduleKeyDeletion')
    for (const [StackName, Key] of [
      ['open', key('RetainExceptOnCreate')],
      ['closed', closed],
    ] as const)
      await create(operator, {
        StackName,
        TemplateBody: body(template({ Key, ...failing })),
      })
    expect(await settled('open')).toMatchObject({
      StackStatus: 'ROLLBACK_COMPLETE',
    })
    expect(await settled('closed')).toMatchObject({
      StackStatus: 'ROLLBACK_FAILED',
    })
    expect((await events('closed')).slice(-2)).toEqual([
      expect.stringMatching(
        /^Key DELETE_FAILED .*is not authorized to perform: kms:ScheduleKeyDeletion/,
      ),
      'closed ROLLBACK_FAILED The following resource(s) failed to delete: [Key].',
    ])
    const states = async () => {
      const kms = new KMSClient(connection(home.credentials('operator')))
      const { Keys = [] } = await kms.send(new ListKeysCommand({}))
      const all = Keys.map(async ({ KeyId }) => {
        const found = await kms.send(new DescribeKeyCommand({ KeyId }))
        return found.KeyMetadata?.KeyState
      })
      return (await Promise.all(all)).sort()
    }
    expect(await states()).toEqual(['Enabled', 'PendingDeletion'])
  })

  test('whose update fails keeps what was made and is to be retained', async () => {
    await create(operator)
    await settled()
    const added = { Type: 'AWS::Logs::LogGroup' }
    const More = { ...added, Properties: { LogGroupName: '/stack/more' } }
    const Kept = {
      ...{ ...added, DeletionPolicy: 'Retain' },
      Properties: { LogGroupName: '/stack/kept' },
    }
    await operator.send(
      new UpdateStackCommand({
        StackName: 'one',
        TemplateBody: body(template({ More, Kept, ...failing })),
      }),
    )
    expect(await settled()).toMatchObject({
      StackStatus: 'UPDATE_ROLLBACK_COMPLETE',
    })
    const told = await events('one')
    expect(told).toContain('Kept DELETE_SKIPPED')
    expect(told).toContain('More DELETE_COMPLETE')
  })

  test('that fails without a rollback stays, until it is asked for', async () => {
    await create(operator)
    const { StackId } = (await settled()) ?? {}
    await operator.send(
      new UpdateStackCommand({
        StackName: 'one',
        TemplateBody: body(template(failing, 30)),
        DisableRollback: true,
      }),
    )
    expect(await settled()).toMatchObject({ StackStatus: 'UPDATE_FAILED' })
    await operator.send(new RollbackStackCommand({ StackName: 'one' }))
    expect(await settled()).toMatchObject({
      StackId,
      StackStatus: 'UPDATE_ROLLBACK_COMPLETE',
    })
    const resources = await operator.send(
      new DescribeStackResourcesCommand({ StackName: 'one' }),
    )
    expect(
      resources.StackResources?.map(
        ({ LogicalResourceId, ResourceStatus }) =>
          `${LogicalResourceId} ${ResourceStatus}`,
      ),
    ).toEqual(['Key CREATE_COMPLETE', 'Logs UPDATE_COMPLETE'])
  })

  test('under protection is not deleted', async () => {
    await create(operator, { EnableTerminationProtection: true })
    await settled()
    expect(
      await refusal(
        operator.send(new DeleteStackCommand({ StackName: 'one' })),
      ),
    ).toBe(
      'ValidationError: Stack [one] cannot be deleted while TerminationProtection is enabled',
    )
    await operator.send(
      new UpdateTerminationProtectionCommand({
        StackName: 'one',
        EnableTerminationProtection: false,
      }),
    )
    await operator.send(new DeleteStackCommand({ StackName: 'one' }))
    expect(await refusal(describeOne())).toMatch(/does not exist/)
  })

  test('is changed by one of two at once', async () => {
    await create(operator)
    await settled()
    await plan({ ChangeSetName: 'a' })
    await plan({ ChangeSetName: 'b', TemplateBody: body(template({}, 90)) })
    const execute = (ChangeSetName: string) =>
      operator
        .send(new ExecuteChangeSetCommand({ StackName: 'one', ChangeSetName }))
        .then(() => 'done')
    const both = await Promise.all([execute('a'), refusal(execute('b'))])
    expect(both[0]).toBe('done')
    expect(both[1]).toBe(
      'ChangeSetNotFoundException: ChangeSet [b] does not exist',
    )
    expect(await settled()).toMatchObject({ StackStatus: 'UPDATE_COMPLETE' })
  })
})

describe('CloudFormation says in its own words that', () => {
  const newStack = { ChangeSetType: 'CREATE' as const }
  test.each<[string, () => Promise<unknown>, string | RegExp]>([
    [
      'there is no stack',
      () => plan({}),
      'ValidationError: Stack [one] does not exist',
    ],
    [
      'there is one already',
      async () => {
        await create(operator)
        return plan(newStack)
      },
      'ValidationError: Stack [one] already exists and cannot be created again with the changeSet [change].',
    ],
    [
      'it can not be created twice',
      async () => {
        await create(operator)
        return create(operator)
      },
      'AlreadyExistsException: Stack [one] already exists',
    ],
    [
      'an update changes nothing',
      async () => {
        await create(operator)
        const TemplateBody = body(template())
        return operator.send(
          new UpdateStackCommand({ StackName: 'one', TemplateBody }),
        )
      },
      'ValidationError: No updates are to be performed.',
    ],
    [
      'there is no change set',
      async () => {
        await create(operator)
        const input = { StackName: 'one', ChangeSetName: 'none' }
        await operator.send(new DeleteChangeSetCommand(input))
        return operator.send(new ExecuteChangeSetCommand(input))
      },
      'ChangeSetNotFoundException: ChangeSet [none] does not exist',
    ],
    [
      'a template has no form',
      () => plan({ ...newStack, TemplateBody: '{"a":' }),
      /^ValidationError: Template format error: JSON not well-formed\./,
    ],
    [
      'a template is of YAML',
      () => plan({ ...newStack, TemplateBody: 'Resources:\n  A: 1\n' }),
      'ValidationError: Template format error: the local home reads only ' +
        'JSON templates, not YAML. `cdk synth` writes JSON.',
    ],
    [
      'a type is not known',
      () =>
        plan({
          ...newStack,
          TemplateBody: body({ Resources: { A: { Type: 'AWS::Foo::Bar' } } }),
        }),
      /^ValidationError: Template format error: Unrecognized resource types: \[AWS::Foo::Bar\]\. A has the type AWS::Foo::Bar, which the local home doesn't support\./,
    ],
    [
      'a template is too long',
      () =>
        plan({
          ...newStack,
          TemplateBody: body({ Description: 'x'.repeat(51_200) }),
        }),
      /^ValidationError: 1 validation error detected: .*less than or equal to 51200$/,
    ],
    [
      'a template is not in S3',
      () =>
        plan({
          ...newStack,
          TemplateBody: undefined,
          TemplateURL: `https://s3.us-east-1.amazonaws.com/cdk-hnb659fds-assets-${account}-${region}/none.json`,
        }),
      /^ValidationError: S3 error: The specified key does not exist\./,
    ],
    [
      'a template is nowhere in S3',
      () =>
        plan({
          ...newStack,
          TemplateBody: undefined,
          TemplateURL: 'https://example.com/bucket/none.json',
        }),
      'ValidationError: TemplateURL must be a supported URL.',
    ],
    [
      'a template may grant rights',
      () =>
        plan({
          ...newStack,
          TemplateBody: body({
            Resources: {
              Role: {
                Type: 'AWS::IAM::Role',
                Properties: { RoleName: 'r', AssumeRolePolicyDocument: {} },
              },
            },
          }),
        }),
      'InsufficientCapabilitiesException: Requires capabilities : [CAPABILITY_NAMED_IAM]',
    ],
    [
      'a parameter is none of the template',
      () =>
        plan({
          ...newStack,
          Parameters: [{ ParameterKey: 'Other', ParameterValue: '' }],
        }),
      'ValidationError: Parameters: [Other] do not exist in the template',
    ],
    [
      'a role is not for CloudFormation',
      () => plan({ ...newStack, RoleARN: ofBootstrap('deploy') }),
      `ValidationError: Role ${ofBootstrap('deploy')} is invalid or cannot be assumed`,
    ],
    [
      'a name is none',
      () => plan({ ...newStack, StackName: 'no name' }),
      /^ValidationError: 1 validation error detected: Value 'no name' at 'stackName'/,
    ],
    [
      'a tag has no value',
      () => plan({ ...newStack, Tags: [{ Key: 'team', Value: '' }] }),
      "ValidationError: 1 validation error detected: Value '' at 'tags.1.member.value' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [
      'there are too many tags',
      () =>
        plan({
          ...newStack,
          Tags: Array.from({ length: 51 }, (_, n) => ({
            ...{ Key: `t${n}`, Value: 'a' },
          })),
        }),
      "ValidationError: 1 validation error detected: Value at 'tags' failed to satisfy constraint: Member must have length less than or equal to 50",
    ],
  ])('%s', async (_, work, text) => {
    const said = await refusal(work())
    if (typeof text === 'string') expect(said).toBe(text)
    else expect(said).toMatch(text)
  })

  test('a change set has failed for want of changes', async () => {
    await create(operator)
    await settled()
    await plan({ TemplateBody: body(template()) })
    const input = { StackName: 'one', ChangeSetName: 'change' }
    expect(
      await operator.send(new DescribeChangeSetCommand(input)),
    ).toMatchObject({
      Status: 'FAILED',
      ExecutionStatus: 'UNAVAILABLE',
      StatusReason:
        "The submitted information didn't contain changes. Submit different information to create a change set.",
    })
    expect(
      await refusal(operator.send(new ExecuteChangeSetCommand(input))),
    ).toMatch(
      /^InvalidChangeSetStatusException: ChangeSet \[arn:.*\] cannot be executed in its current status of \[FAILED\]$/,
    )
  })
})

describe('who may', () => {
  test('deploy needs a policy, and PassRole for a role', async () => {
    const [plain, passing] = [role('plain'), role('passing')]
    const exec = ofBootstrap('cfn-exec')
    await declare({
      [plain]: [statement(allOfStacks)],
      [passing]: [statement(allOfStacks), statement(['iam:PassRole'], exec)],
    })
    expect(await refusal(create(as('user')))).toBe(
      `AccessDenied: User: ${role('keyward-dev-user')} is not authorized to perform: cloudformation:CreateStack on resource: arn:aws:cloudformation:us-east-1:000000000000:stack/one/* because no identity-based policy allows the cloudformation:CreateStack action`,
    )
    expect(await refusal(create(as(plain), { RoleARN: exec }))).toBe(
      `AccessDenied: User: ${plain} is not authorized to perform: iam:PassRole on resource: ${exec} because no identity-based policy allows the iam:PassRole action`,
    )
    // Without a role its own rights count, which are none over keys.
    await create(as(plain))
    expect(await settled()).toMatchObject({ StackStatus: 'ROLLBACK_COMPLETE' })
    expect((await events('one')).join('\n')).toContain(
      `User: ${plain} is not authorized to perform: kms:CreateKey`,
    )
    await operator.send(new DeleteStackCommand({ StackName: 'one' }))
    // Nor does a template make a role for who may not make one.
    const TemplateBody = body({
      Resources: {
        Role: {
          Type: 'AWS::IAM::Role',
          Properties: {
            AssumeRolePolicyDocument: {
              Version: '2012-10-17',
              Statement: {
                Effect: 'Allow',
                Principal: { AWS: account },
                Action: 'sts:AssumeRole',
              },
            },
          },
        },
      },
    })
    const Capabilities = ['CAPABILITY_IAM']
    await create(as(plain), { TemplateBody, Capabilities })
    expect(await settled()).toMatchObject({ StackStatus: 'ROLLBACK_COMPLETE' })
    expect((await events('one')).join('\n')).toContain(
      `User: ${plain} is not authorized to perform: iam:CreateRole`,
    )
    await operator.send(new DeleteStackCommand({ StackName: 'one' }))
    await create(as(passing), { RoleARN: exec })
    expect(await settled()).toMatchObject({
      StackStatus: 'CREATE_COMPLETE',
      RoleARN: exec,
    })
  })

  test('assume a role is for its trust policy to say', async () => {
    const assume = (name: string, RoleArn: string, more: object = {}) =>
      sts(name).send(
        new AssumeRoleCommand({ RoleArn, RoleSessionName: 'me', ...more }),
      )
    const deploy = ofBootstrap('deploy')
    const { AssumedRoleUser, Credentials } = await assume('operator', deploy)
    expect(AssumedRoleUser?.Arn).toBe(
      `arn:aws:sts::${account}:assumed-role/cdk-hnb659fds-deploy-role-${account}-${region}/me`,
    )
    expect(
      (Credentials?.Expiration?.getTime() ?? 0) - Date.now(),
    ).toBeGreaterThan(3_500_000)
    const denied = (by: string, what: string) =>
      `AccessDenied: User: ${by} is not authorized to perform: sts:AssumeRole on resource: ${what}`
    const operatorArn = `arn:aws:iam::${account}:user/operator`
    const exec = ofBootstrap('cfn-exec')
    expect([
      await refusal(assume('user', deploy)),
      await refusal(assume('operator', exec)),
      await refusal(assume('operator', role('keyward-dev-break-glass'))),
      await refusal(assume('operator', deploy, { ExternalId: 'them' })),
      await refusal(assume('root', deploy)),
      await refusal(assume('operator', deploy, { DurationSeconds: 7200 })),
      await refusal(assume('operator', deploy, { Policy: '{}' })),
    ]).toEqual([
      denied(role('keyward-dev-user'), deploy),
      denied(operatorArn, exec),
      denied(operatorArn, role('keyward-dev-break-glass')),
      denied(operatorArn, deploy),
      'AccessDenied: Roles may not be assumed by root accounts.',
      'ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
      "ValidationError: Leave out Policy, which the local home doesn't support for sessions.",
    ])
  })
})

test('what others may not have is not told to them', async () => {
  const logs = new CloudWatchLogsClient(
    connection(home.credentials('importer')),
  )
  const { DescribeLogGroupsCommand } = await import(
    '@aws-sdk/client-cloudwatch-logs'
  )
  expect(await refusal(logs.send(new DescribeLogGroupsCommand({})))).toMatch(
    /^AccessDeniedException: User: .*keyward-dev-importer is not authorized to perform: logs:DescribeLogGroups/,
  )
})
