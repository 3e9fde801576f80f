// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Fn::Sub looks so.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openStackHome } from '../../../../test/support/openStackHome.js'
import {
  keyPolicy,
  signerTemplate,
  writeAssembly,
} from '../../../../test/support/signerAssembly.js'
import { StackError } from './StackError.js'

type Template = ReturnType<typeof signerTemplate>
type Resource = { Properties: Record<string, unknown> } & Record<
  string,
  unknown
>

let folder = ''
let home: Awaited<ReturnType<typeof openStackHome>>
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'keyward stack test-'))
  home = await openStackHome(join(folder, 'home'))
})
afterEach(async () => {
  await home.close()
  rmSync(folder, { recursive: true, force: true })
})

const reopen = async () => {
  await home.close()
  home = await openStackHome(join(folder, 'home'))
}
const at = (template: Template, id: string) =>
  template.Resources[id] as Resource
/** Deploys the template, changed. */
const deploy = (
  change: (template: Template) => void = () => {},
  options: {
    code?: string
    stackName?: string
    parameters?: Record<string, string>
  } = {},
) => {
  const template = signerTemplate()
  change(template)
  const { code, ...rest } = options
  const assembly = join(folder, 'cdk.out')
  return home.deploy(
    writeAssembly(assembly, template, code === undefined ? {} : { code }),
    rest,
  )
}
const failure = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => new Error('did not fail'),
    (error: unknown) => error,
  )
  if (!(error instanceof StackError)) throw error
  return { code: error.code, problems: error.problems }
}
/** Everything that a stack could have created, without times. */
const everything = () => ({
  keys: home.kms.keys(),
  policies: home.kms.keys().map(({ keyId }) => home.kms.tagsOf(keyId)),
  functions: home.lambda
    .listFunctions()
    .map(({ name }) => home.lambda.snapshot(name)),
  stacks: home.store.list(),
})
const keyOf = () => home.store.get('signers')?.resources.Key?.physicalId ?? ''
const policyOf = async (keyId: string) =>
  JSON.parse(
    String(
      (await home.kms.call('GetKeyPolicy', { KeyId: keyId }, home.operator))
        .Policy,
    ),
  )

describe('creating', () => {
  test('makes what the template says', async () => {
    const state = await deploy()
    const keyId = keyOf()
    const arn = `arn:aws:kms:us-east-1:000000000000:key/${keyId}`
    const fn = 'arn:aws:lambda:us-east-1:000000000000:function:signers-signer'
    expect(state.status).toBe('CREATE_COMPLETE')
    expect(state.outputs).toEqual({
      KeyArn: { value: arn, exportName: 'signers-key' },
      AliceArn: { value: `${fn}:alice` },
      Parts: { value: 'log-group/signers' },
    })
    expect(home.kms.keys()).toEqual([
      expect.objectContaining({
        keyId,
        arn,
        state: 'Enabled',
        aliases: ['alias/signers'],
      }),
    ])
    expect(home.kms.tagsOf(keyId)).toEqual({
      team: 'red',
      'keyward:stack': 'signers',
      'keyward:logical-id': 'Key',
      'keyward:made-as': expect.stringMatching(/^signers-Key-[A-Z0-9]{12}$/),
    })
    expect((await policyOf(keyId)).Statement[1].Principal).toEqual({
      AWS: 'arn:aws:iam::000000000000:role/signers-admin',
    })
    const entry = home.lambda.snapshot('signers-signer')
    expect(entry?.latest).toMatchObject({
      roleArn: 'arn:aws:iam::000000000000:role/signers-signer',
      environment: { KMS_KEY_ID: arn, ETH_NETWORK: 'local' },
      memorySizeMb: 256,
      timeoutS: 30,
      logFormat: 'JSON',
    })
    expect(entry?.versions.map(({ version }) => version)).toEqual(['1'])
    expect(entry?.aliases).toMatchObject([
      { name: 'alice', functionVersion: '1' },
    ])
    expect(entry?.retryAttemptsOf).toEqual({ $LATEST: 0 })
    expect(entry?.permissions).toEqual([
      {
        sid: expect.stringMatching(/^signers-AlicePermission-[A-Z0-9]{12}$/),
        qualifier: 'alice',
        statement: {
          Sid: entry?.permissions?.[0]?.sid,
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::000000000000:role/signers-alice' },
          Action: 'lambda:InvokeFunction',
          Resource: `${fn}:alice`,
        },
      },
    ])
    expect(Object.keys(state.resources)).not.toContain('OnlyReal')
    expect(home.identities.named()).toEqual([
      'arn:aws:iam::000000000000:role/cdk-hnb659fds-cfn-exec-role-000000000000-us-east-1',
      ...['admin', 'alice', 'break-glass', 'importer', 'signer', 'user'].map(
        (name) => `arn:aws:iam::000000000000:role/signers-${name}`,
      ),
    ])
  })

  test('again changes nothing, after a restart neither', async () => {
    await deploy()
    const before = everything()
    home.events.length = 0
    await deploy()
    expect(everything()).toEqual(before)
    await reopen()
    await deploy()
    expect(everything()).toEqual(before)
    expect(home.events).toEqual([])
  })

  test('takes less than a second of CPU', async () => {
    const start = process.cpuUsage()
    await deploy()
    const { user, system } = process.cpuUsage(start)
    expect((user + system) / 1e6).toBeLessThan(1)
  })

  test('of two stacks from one template goes by their names', async () => {
    await deploy()
    await deploy(undefined, { stackName: 'others' })
    expect(home.kms.keys().map(({ aliases }) => aliases)).toEqual([
      ['alias/signers'],
      ['alias/others'],
    ])
    expect(home.lambda.listFunctions().map(({ name }) => name)).toEqual([
      'others-signer',
      'signers-signer',
    ])
  })
})

describe('updating', () => {
  test('changes what changed and keeps the key', async () => {
    await deploy()
    const keyId = keyOf()
    home.events.length = 0
    await deploy((template) => {
      const { Properties } = at(template, 'Key')
      Properties.Description = 'new'
      Properties.Tags = [{ Key: 'owner', Value: 'me' }]
      const policy = keyPolicy()
      ;(policy.Statement as object[]).pop()
      Properties.KeyPolicy = policy
      at(template, 'Function').Properties.Timeout = 60
    })
    expect(keyOf()).toBe(keyId)
    expect(home.events).toEqual([
      'signers: updating Key (AWS::KMS::Key)',
      'signers: updating Function (AWS::Lambda::Function)',
    ])
    expect(home.kms.tagsOf(keyId)).toEqual({
      owner: 'me',
      'keyward:stack': 'signers',
      'keyward:logical-id': 'Key',
      'keyward:made-as': expect.stringMatching(/^signers-Key-[A-Z0-9]{12}$/),
    })
    expect((await policyOf(keyId)).Statement).toHaveLength(17)
    const { KeyMetadata } = await home.kms.call(
      'DescribeKey',
      { KeyId: keyId },
      home.operator,
    )
    expect(KeyMetadata).toMatchObject({ Description: 'new' })
    expect(home.lambda.snapshot('signers-signer')?.latest.timeoutS).toBe(60)
  })

  test('by another code publishes another version and drops the old one', async () => {
    await deploy()
    await deploy(
      (template) => {
        const { Version, ...others } = template.Resources
        template.Resources = { ...others, Version2: Version as Resource }
        at(template, 'Alice').Properties.FunctionVersion = {
          'Fn::GetAtt': ['Version2', 'Version'],
        }
        at(template, 'Function').Properties.Description = 'new'
      },
      { code: 'export const handler = async () => 2\n' },
    )
    const entry = home.lambda.snapshot('signers-signer')
    expect(entry?.versions.map(({ version }) => version)).toEqual(['2'])
    expect(entry?.aliases).toMatchObject([
      { name: 'alice', functionVersion: '2' },
    ])
  })

  test.each([
    ['KeySpec', 'ECC_NIST_P256'],
    ['Origin', 'EXTERNAL'],
    ['MultiRegion', true],
  ])('never changes %s of a key', async (name, value) => {
    await deploy()
    const before = everything()
    const { code } = await failure(
      deploy((template) => {
        at(template, 'Key').Properties[name] = value
      }),
    )
    expect(code).toBe(name === 'Origin' ? 'update-refused' : 'template-invalid')
    expect(everything()).toEqual(before)
  })

  test('never changes a type', async () => {
    await deploy()
    expect(
      await failure(
        deploy((template) => {
          template.Resources.Topic = {
            Type: 'AWS::CloudWatch::Alarm',
            Properties: {
              ComparisonOperator: 'LessThanThreshold',
              EvaluationPeriods: 1,
            },
          }
          at(template, 'Rule').Properties.Targets = []
        }),
      ),
    ).toEqual({
      code: 'update-refused',
      problems: [
        "Topic (AWS::CloudWatch::Alarm): Its type was AWS::SNS::Topic, and a type can't be changed. Use another logical id.",
      ],
    })
  })

  test('replaces what can only be replaced, and then removes the old one', async () => {
    await deploy()
    await deploy((template) => {
      at(template, 'Alias').Properties.AliasName = 'alias/renamed'
      at(template, 'Function').Properties.FunctionName = 'renamed'
    })
    expect(home.kms.keys().map(({ aliases }) => aliases)).toEqual([
      ['alias/renamed'],
    ])
    expect(home.lambda.listFunctions().map(({ name }) => name)).toEqual([
      'renamed',
    ])
    expect(home.lambda.snapshot('renamed')).toMatchObject({
      aliases: [{ name: 'alice' }],
      permissions: [{ qualifier: 'alice' }],
      retryAttemptsOf: { $LATEST: 0 },
    })
  })

  test('drops what left the template, by its DeletionPolicy', async () => {
    await deploy()
    const keyId = keyOf()
    await deploy((template) => {
      template.Resources = { Topic: template.Resources.Topic as Resource }
      template.Outputs = {}
    })
    expect(home.lambda.listFunctions()).toEqual([])
    expect(home.kms.keys()).toMatchObject([
      { keyId, aliases: [], state: 'Enabled' },
    ])
    expect(Object.keys(home.store.get('signers')?.resources ?? {})).toEqual([
      'Topic',
    ])
  })

  test('says which key stays when its policy forbids the deletion', async () => {
    const deletable = (template: Template) => {
      at(template, 'Key').DeletionPolicy = 'Delete'
    }
    await deploy(deletable)
    await deploy((template) => {
      template.Resources = { Topic: template.Resources.Topic as Resource }
      template.Outputs = {}
    })
    expect(home.kms.keys()).toMatchObject([{ state: 'Enabled' }])
    expect(home.events.at(-1)).toMatch(
      /^signers: Key was not deleted: Key \(AWS::KMS::Key\): AccessDeniedException: .* with an explicit deny in a resource-based policy$/,
    )
  })
})

describe('a failure', () => {
  const denied = (template: Template) => {
    const policy = keyPolicy()
    ;(policy.Statement as object[]).push({
      Effect: 'Deny',
      Principal: '*',
      Action: 'kms:TagResource',
      Resource: '*',
    })
    const { Properties } = at(template, 'Key')
    Properties.KeyPolicy = policy
    Properties.Description = 'half done'
    Properties.Tags = [{ Key: 'owner', Value: 'me' }]
    at(template, 'SignerRole').Properties.Description = 'new'
  }

  test('half-way through an update undoes all of it', async () => {
    await deploy()
    const before = everything()
    const policy = await policyOf(keyOf())
    const { code, problems } = await failure(deploy(denied))
    expect(code).toBe('stack-failed')
    expect(problems).toEqual([
      expect.stringMatching(
        /^The stack "signers" was not changed: Key \(AWS::KMS::Key\): AccessDeniedException: User: arn:aws:sts::.*CloudFormation is not authorized to perform: kms:TagResource/,
      ),
    ])
    const { stacks, ...others } = everything()
    const { stacks: stacksBefore, ...othersBefore } = before
    expect(others).toEqual(othersBefore)
    expect(stacks).toEqual([
      {
        ...stacksBefore[0],
        status: 'UPDATE_ROLLBACK_COMPLETE',
        updatedAt: expect.any(Number),
      },
    ])
    expect(await policyOf(keyOf())).toEqual(policy)
  })

  test('while creating leaves nothing behind', async () => {
    const { code, problems } = await failure(
      deploy((template) => {
        // The number 7 was never published.
        at(template, 'Alice').Properties.FunctionVersion = '7'
      }),
    )
    expect(code).toBe('stack-failed')
    expect(problems).toEqual([
      'The stack "signers" was not created: Alice (AWS::Lambda::Alias): ResourceNotFoundException: Function not found: arn:aws:lambda:us-east-1:000000000000:function:signers-signer:7',
    ])
    expect(everything()).toEqual({
      keys: [],
      policies: [],
      functions: [],
      stacks: [],
    })
    await deploy()
    expect(home.kms.keys()).toHaveLength(1)
  })

  test('of the policy to let its maker change it again is one', async () => {
    const { problems } = await failure(
      deploy((template) => {
        const policy = keyPolicy()
        policy.Statement = (policy.Statement as object[]).map((each) =>
          JSON.stringify(each).includes('cfn-exec-role')
            ? { ...each, Effect: 'Deny' }
            : each,
        )
        at(template, 'Key').Properties.KeyPolicy = policy
      }),
    )
    expect(problems).toEqual([
      'The stack "signers" was not created: Key (AWS::KMS::Key): MalformedPolicyDocumentException: The new key policy will not allow you to update the key policy in the future.',
    ])
    expect(home.kms.keys()).toEqual([])
  })

  test('by a kill after any step is mended by the next start', async () => {
    await deploy()
    const whole = home.store.get('signers')
    const ids = Object.keys(whole?.resources ?? {})
    const outcomes = new Set<number>()
    for (let steps = 0; steps < ids.length; steps += 1) {
      // As after a kill: created, but the last step is not written yet.
      const kept = ids.slice(0, steps)
      const next = ids[steps] as string
      const made = whole?.resources[next]
      if (!whole || !made) throw new Error('no stack')
      const { outputs: _, ...rest } = whole
      home.store.save({
        ...rest,
        status: 'CREATE_IN_PROGRESS',
        outputs: {},
        resources: Object.fromEntries(
          kept.map((id) => [id, whole.resources[id] as typeof made]),
        ),
        making: {
          logicalId: next,
          physicalId: made.physicalId,
          generatedName: made.generatedName,
        },
      })
      // Later resources were not created either.
      for (const id of ids.slice(steps + 1).reverse()) {
        const left = whole.resources[id]
        if (left?.type === 'AWS::Lambda::Function')
          home.lambda.deleteFunction(left.physicalId)
        if (left?.type === 'AWS::KMS::Alias')
          await home.kms.call(
            'DeleteAlias',
            { AliasName: left.physicalId },
            home.deployer,
          )
        if (left?.type === 'AWS::KMS::Key')
          await home.kms.discard(left.physicalId)
      }
      const state = await deploy()
      outcomes.add(home.kms.keys().length)
      expect(state.status).toBe('CREATE_COMPLETE')
      expect(Object.keys(state.resources).sort()).toEqual([...ids].sort())
      Object.assign(whole, state)
    }
    expect(outcomes).toEqual(new Set([1]))
  })
})

describe('removing', () => {
  test('goes by the DeletionPolicy', async () => {
    await deploy()
    await home.remove('signers')
    expect(home.store.list()).toEqual([])
    expect(home.lambda.listFunctions()).toEqual([])
    expect(home.kms.keys()).toMatchObject([{ aliases: [], state: 'Enabled' }])
    expect(home.identities.named()).toEqual([])
  })

  test('stops where a policy forbids it', async () => {
    await deploy((template) => {
      at(template, 'Key').DeletionPolicy = 'Delete'
    })
    const { code } = await failure(home.remove('signers'))
    expect(code).toBe('stack-failed')
    expect(home.store.get('signers')).toMatchObject({ status: 'DELETE_FAILED' })
    expect(home.kms.keys()).toMatchObject([{ state: 'Enabled' }])
    await deploy()
    expect(home.kms.keys()).toMatchObject([{ aliases: ['alias/signers'] }])
  })
})

describe('a template is refused, and nothing made, when', () => {
  const cases: [string, (template: Template) => void, string, string][] = [
    [
      'a type is unknown',
      (t) => {
        t.Resources.X = { Type: 'AWS::S3::Bucket' }
      },
      'resource-unsupported',
      "X has the type AWS::S3::Bucket, which the local home doesn't support. Supported types: AWS::DynamoDB::GlobalTable, AWS::DynamoDB::Table, AWS::Events::Rule, AWS::IAM::Policy, AWS::IAM::Role, AWS::KMS::Alias, AWS::KMS::Key, AWS::Lambda::Alias, AWS::Lambda::EventInvokeConfig, AWS::Lambda::Function, AWS::Lambda::Permission, AWS::Lambda::Version, AWS::Logs::LogGroup, AWS::CDK::Metadata, AWS::CloudWatch::Alarm, AWS::ManagedBlockchain::Accessor, AWS::ManagedBlockchain::Member, AWS::ManagedBlockchain::Node, AWS::SNS::Topic, AWS::SNS::TopicPolicy, AWS::SQS::Queue, AWS::SQS::QueuePolicy.",
    ],
    [
      'a Ref dangles',
      (t) => {
        at(t, 'Alias').Properties.TargetKeyId = { Ref: 'Kee' }
      },
      'template-invalid',
      'Alias refers to "Kee", which is not in the template.',
    ],
    [
      'a Ref dangles in a branch not taken',
      (t) => {
        at(t, 'Alias').Properties.TargetKeyId = {
          'Fn::If': ['IsLocal', { Ref: 'Key' }, { Ref: 'Kee' }],
        }
      },
      'template-invalid',
      'Alias refers to "Kee", which is not in the template.',
    ],
    [
      'a Fn::Sub dangles',
      (t) => {
        at(t, 'Key').Properties.Description = {
          'Fn::Sub': '${!Kee} ${Kee.Arn}',
        }
      },
      'template-invalid',
      'Key refers to "Kee", which is not in the template.',
    ],
    [
      'a DependsOn dangles',
      (t) => {
        at(t, 'Key').DependsOn = 'Kee'
      },
      'template-invalid',
      'Key depends on "Kee", which is not in the template.',
    ],
    [
      'an attribute is unknown',
      (t) => {
        at(t, 'Alias').Properties.TargetKeyId = { 'Fn::GetAtt': 'Key.Address' }
      },
      'template-invalid',
      'Alias (AWS::KMS::Alias): The resource "Key" doesn\'t have the attribute "Address" in the local home. Its attributes: KeyId, Arn.',
    ],
    [
      'resources need each other',
      (t) => {
        at(t, 'Key').DependsOn = ['Alias']
      },
      'template-invalid',
      'Resources: Circular dependency: Key -> Alias -> Key',
    ],
    [
      'one depends on itself',
      (t) => {
        at(t, 'Key').DependsOn = ['Key']
      },
      'template-invalid',
      'Resources: Circular dependency: Key -> Key',
    ],
    [
      'it refers to what its condition leaves out',
      (t) => {
        at(t, 'Key').Properties.Description = { Ref: 'OnlyReal' }
      },
      'template-invalid',
      'Key refers to "OnlyReal", which is not created because its condition is false.',
    ],
    [
      'a condition is missing',
      (t) => {
        at(t, 'Key').Condition = 'Nope'
      },
      'template-invalid',
      'Key has the condition "Nope", which is not in the template.',
    ],
    [
      'a condition refers to itself',
      (t) => {
        ;(t.Conditions as Record<string, unknown>).IsReal = {
          'Fn::Not': [{ Condition: 'IsReal' }],
        }
      },
      'template-invalid',
      'Condition IsReal: The condition "IsReal" refers to itself.',
    ],
    [
      'a rule does not hold',
      (t) => {
        ;(
          t.Parameters as Record<string, Record<string, unknown>>
        ).BootstrapVersion = { Type: 'String', Default: '5' }
      },
      'template-invalid',
      'Rule CheckBootstrapVersion: Bootstrap again.',
    ],
    [
      'a parameter has no value',
      (t) => {
        ;(t.Parameters as Record<string, unknown>).P = { Type: 'String' }
      },
      'template-invalid',
      'Parameter P has no default, so it needs a value.',
    ],
    [
      'a parameter stands in SSM',
      (t) => {
        ;(t.Parameters as Record<string, unknown>).P = {
          Type: 'AWS::SSM::Parameter::Value<String>',
          Default: '/x',
        }
      },
      'template-invalid',
      'Parameter P: In the local home, templates can read only the SSM parameter that cdk bootstrap creates, not "/x".',
    ],
    [
      'a section is unknown',
      (t) => {
        t.Transform = 'AWS::Serverless-2016-10-31'
      },
      'template-invalid',
      'The template has a section "Transform", which the local home doesn\'t support.',
    ],
    [
      'a function is unknown',
      (t) => {
        at(t, 'Key').Properties.Description = { 'Fn::ImportValue': 'x' }
      },
      'template-invalid',
      'Key (AWS::KMS::Key): The local home doesn\'t support the function "Fn::ImportValue".',
    ],
    [
      'a property is unknown',
      (t) => {
        at(t, 'Function').Properties.VpcConfig = { SubnetIds: [] }
      },
      'template-invalid',
      "Function (AWS::Lambda::Function): The local home doesn't support the property VpcConfig.",
    ],
    [
      'a boundary would be dropped',
      (t) => {
        at(t, 'SignerRole').Properties.PermissionsBoundary =
          'arn:aws:iam::aws:policy/x'
      },
      'template-invalid',
      "SignerRole (AWS::IAM::Role): The local home doesn't support the property PermissionsBoundary.",
    ],
    [
      'a managed policy is unknown',
      (t) => {
        at(t, 'SignerRole').Properties.ManagedPolicyArns = [
          'arn:aws:iam::aws:policy/ReadOnlyAccess',
        ]
      },
      'template-invalid',
      'SignerRole (AWS::IAM::Role): ManagedPolicyArns: The local home doesn\'t know what "arn:aws:iam::aws:policy/ReadOnlyAccess" allows. Write the policy\'s statements into the template instead.',
    ],
    [
      'Lambda may not assume the role',
      (t) => {
        at(t, 'SignerRole').Properties.AssumeRolePolicyDocument = {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: 'ec2.amazonaws.com' },
              Action: 'sts:AssumeRole',
            },
          ],
        }
      },
      'template-invalid',
      'Function (AWS::Lambda::Function): The role defined for the function cannot be assumed by Lambda: arn:aws:iam::000000000000:role/signers-signer',
    ],
    [
      'a rule starts something',
      (t) => {
        at(t, 'Rule').Properties.Targets = [
          { Id: 'x', Arn: { 'Fn::GetAtt': ['Function', 'Arn'] } },
        ]
      },
      'template-invalid',
      'Rule (AWS::Events::Rule): Targets: In the local home, a target must ' +
        'be an SNS topic (which is never notified), or a function if the ' +
        'rule has only a ScheduleExpression.',
    ],
    [
      'a policy is over 32 KiB',
      (t) => {
        const p = keyPolicy()
        ;(p.Statement as object[]).push({
          Sid: 'x'.repeat(32_768),
          Effect: 'Deny',
          Principal: '*',
          Action: 'kms:X',
          Resource: '*',
        })
        at(t, 'Key').Properties.KeyPolicy = p
      },
      'template-invalid',
      expect.stringMatching(
        /^Key \(AWS::KMS::Key\): KeyPolicy: The policy is 3\d{4} bytes long. AWS allows up to 32768\.$/,
      ) as unknown as string,
    ],
    [
      'a policy has an unknown operator',
      (t) => {
        const p = keyPolicy()
        ;(p.Statement as object[]).push({
          Effect: 'Deny',
          Principal: '*',
          Action: 'kms:X',
          Resource: '*',
          Condition: { Sounds: { 'a:b': 'c' } },
        })
        at(t, 'Key').Properties.KeyPolicy = p
      },
      'template-invalid',
      "Key (AWS::KMS::Key): KeyPolicy: The local home doesn't support the " +
        'condition operator "Sounds".',
    ],
    [
      'a policy is no policy',
      (t) => {
        at(t, 'SignerPolicy').Properties.PolicyDocument = {}
      },
      'template-invalid',
      'SignerPolicy (AWS::IAM::Policy): PolicyDocument: The policy has no Statement.',
    ],
    [
      'an asset is not listed',
      (t) => {
        at(t, 'Function').Properties.Code = {
          S3Bucket: 'b',
          S3Key: 'other.zip',
        }
      },
      'template-invalid',
      'Function (AWS::Lambda::Function): Code: The CDK assembly lacks the asset "other.zip". Run cdk synth again.',
    ],
    [
      'two have one name',
      (t) => {
        t.Resources.Alias2 = { ...at(t, 'Alias') }
      },
      'template-invalid',
      'Alias and Alias2 both define the AWS::KMS::Alias "alias/signers".',
    ],
    [
      'a snapshot is asked for',
      (t) => {
        at(t, 'Key').DeletionPolicy = 'Snapshot'
      },
      'template-invalid',
      'Key has the DeletionPolicy "Snapshot". Allowed: Delete, Retain and ' +
        'RetainExceptOnCreate.',
    ],
    [
      'a key is for other coins',
      (t) => {
        at(t, 'Key').Properties.KeySpec = 'RSA_2048'
      },
      'template-invalid',
      'Key (AWS::KMS::Key): KeySpec must be ECC_SECG_P256K1 in the local home, not "RSA_2048".',
    ],
    [
      'an alias is weighted',
      (t) => {
        at(t, 'Alice').Properties.RoutingConfig = {}
      },
      'template-invalid',
      "Alice (AWS::Lambda::Alias): The local home doesn't support the property RoutingConfig.",
    ],
    [
      'an output dangles',
      (t) => {
        ;(t.Outputs as Record<string, unknown>).X = { Value: { Ref: 'Kee' } }
      },
      'template-invalid',
      'Output X refers to "Kee", which is not in the template.',
    ],
  ]
  test.each(cases)('%s', async (_, change, code, problem) => {
    expect(await failure(deploy(change))).toEqual({ code, problems: [problem] })
    expect(everything()).toEqual({
      keys: [],
      policies: [],
      functions: [],
      stacks: [],
    })
  })

  test('much is wrong, with all of it said', async () => {
    const { problems } = await failure(
      deploy((t) => {
        at(t, 'Alias').Properties.AliasName = 'signers'
        at(t, 'Key').Properties.PendingWindowInDays = 1
        at(t, 'Function').Properties.Timeout = 'long'
      }),
    )
    expect(problems).toEqual([
      'Key (AWS::KMS::Key): PendingWindowInDays is 1. It must be from 7 to 30.',
      'Alias (AWS::KMS::Alias): AliasName is "signers". It must be alias/ ' +
        'followed by 1 to 250 letters, digits, /, _ or -, but not alias/aws/.',
      'Function (AWS::Lambda::Function): Timeout must be a whole number, not "long".',
    ])
  })

  test('a name is taken', async () => {
    const { KeyMetadata } = await home.kms.call(
      'CreateKey',
      { KeySpec: 'ECC_SECG_P256K1', KeyUsage: 'SIGN_VERIFY' },
      home.operator,
    )
    const { KeyId } = KeyMetadata as { KeyId: string }
    await home.kms.call(
      'CreateAlias',
      { AliasName: 'alias/signers', TargetKeyId: KeyId },
      home.operator,
    )
    expect(await failure(deploy())).toEqual({
      code: 'name-taken',
      problems: [
        `Alias (AWS::KMS::Alias): The alias alias/signers is taken: it points to the key ${KeyId}. Delete that alias, or give the stack another alias.`,
      ],
    })
    expect(home.store.list()).toEqual([])
  })
})
