import {
  App,
  CliCredentialsStackSynthesizer,
  DefaultStackSynthesizer,
  type IStackSynthesizer,
  aws_iam as iam,
  RemovalPolicy,
  Stack,
} from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { expect, test } from 'vitest'
import { SigningKey, type SigningKeyProps } from './SigningKey.js'

// compliance.test.ts validates; it is most of what a synthesis costs.
process.env.CDK_VALIDATION = 'false'

const arn = (name: string) => `arn:aws:iam::123456789012:role/${name}`

function synth(props: Partial<SigningKeyProps>, stack = new Stack(new App())) {
  new SigningKey(stack, 'Key', { administrators: [arn('admin')], ...props })
  return keyOf(stack)
}

function keyOf(stack: Stack) {
  const [key] = Object.values(
    Template.fromStack(stack).findResources('AWS::KMS::Key'),
  )
  const statement = (sid: string) =>
    key?.Properties.KeyPolicy.Statement.find(
      ({ Sid }: { Sid: string }) => Sid === sid,
    )
  return { key, statement }
}

test('accepts constructs with a literal ARN', () => {
  const stack = new Stack(new App())
  const { statement } = synth(
    {
      users: [
        iam.Role.fromRoleArn(stack, 'Role', arn('path/user')),
        iam.User.fromUserArn(
          stack,
          'User',
          'arn:aws:iam::123456789012:user/person',
        ),
        new iam.ArnPrincipal(arn('other')),
      ],
    },
    stack,
  )
  expect(statement('OnlyUsersSign').Condition.ArnNotEquals).toEqual({
    'aws:PrincipalArn': [
      arn('path/user'),
      'arn:aws:iam::123456789012:user/person',
      arn('other'),
    ],
  })
})

test('refuses constructs that stand for more than one role or user', () => {
  const refusal = (principal: unknown) => () =>
    synth({ users: [principal as iam.ArnPrincipal] })
  expect(refusal(new iam.AnyPrincipal())).toThrow('users: "*" is not allowed.')
  for (const account of [
    new iam.AccountRootPrincipal(),
    new iam.AccountPrincipal('123456789012'),
  ])
    expect(refusal(account)).toThrow(
      "known only at deployment can't be compared",
    )
  expect(refusal(new iam.ServicePrincipal('ec2.amazonaws.com'))).toThrow(
    'users: a principal without an ARN is not allowed.',
  )
})

test.each([
  '',
  'arn:aws:iam::123456789012:role/',
  'arn:aws:iam::123456789012:role/a//b',
  'arn:aws:iam::123456789012:role/a?',
  'arn:aws:iam::*:role/a',
  'arn:aws:iam::12345678901:role/a',
  'arn:aws:iam::123456789012:group/a',
  'arn:aws:iam::123456789012:role/a ',
  ' arn:aws:iam::123456789012:role/a',
  'arn:aws:iam::123456789012:role/a\n',
])('refuses %j as an ARN', (given) => {
  expect(() => synth({ breakGlass: [given] })).toThrow(
    `breakGlass: ${JSON.stringify(given)} is not allowed.`,
  )
})

test("the deployer is the execution role of the stack's bootstrap", () => {
  const deployer = (stack: Stack) =>
    synth({}, stack).statement('Deployers').Principal.AWS
  expect(deployer(new Stack(new App()))).toEqual({
    'Fn::Sub':
      // biome-ignore lint/suspicious/noTemplateCurlyInString: as in the template.
      'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/cdk-hnb659fds-cfn-exec-role-${AWS::AccountId}-${AWS::Region}',
  })
  expect(
    deployer(
      new Stack(new App(), 'Own', {
        synthesizer: new DefaultStackSynthesizer({
          qualifier: 'own',
        }) as IStackSynthesizer,
        env: { account: '123456789012', region: 'eu-west-1' },
      }),
    ),
  ).toEqual({
    'Fn::Sub':
      // biome-ignore lint/suspicious/noTemplateCurlyInString: as in the template.
      'arn:${AWS::Partition}:iam::123456789012:role/cdk-own-cfn-exec-role-123456789012-eu-west-1',
  })
  expect(() =>
    synth(
      {},
      new Stack(new App(), 'Cli', {
        synthesizer: new CliCredentialsStackSynthesizer() as IStackSynthesizer,
      }),
    ),
  ).toThrow('deployers: required')
})

test('who may delete a key that is deleted with its stack', () => {
  const { key, statement } = synth({
    breakGlass: [arn('break-glass')],
    deployers: [arn('deployer')],
    removalPolicy: RemovalPolicy.DESTROY,
  })
  expect(key?.DeletionPolicy).toBe('Delete')
  expect(statement('DeployersDelete')).toMatchObject({
    Effect: 'Allow',
    Principal: { AWS: arn('deployer') },
    Action: 'kms:ScheduleKeyDeletion',
  })
  expect(statement('OnlyNamedDelete')).toMatchObject({
    Effect: 'Deny',
    Action: 'kms:ScheduleKeyDeletion',
    Condition: {
      ArnNotEquals: {
        'aws:PrincipalArn': [arn('break-glass'), arn('deployer')],
      },
    },
  })
  expect(statement('OnlyBreakGlassDestroys').Action).toBe(
    'kms:DeleteImportedKeyMaterial',
  )
})

test('imports that must expire, and imports of either kind', () => {
  const importing = (importExpiration: 'required' | 'any') =>
    synth({
      origin: 'EXTERNAL',
      importers: [arn('importer')],
      importExpiration,
    }).statement('ImportersImport').Condition
  expect(importing('required')).toEqual({
    StringEquals: { 'kms:ExpirationModel': 'KEY_MATERIAL_EXPIRES' },
  })
  expect(importing('any')).toBeUndefined()
})

test('a role that gets the key later must meet the same rules', () => {
  const stack = new Stack(new App())
  const key = new SigningKey(stack, 'Key', { administrators: [arn('admin')] })
  const role = (name: string) =>
    iam.Role.fromRoleArn(stack, name, arn(name), { mutable: false })
  expect(() => key.grantSign(role('admin'))).toThrow(
    `${arn('admin')} is in both users and administrators.`,
  )
  key.grantSign(role('late'))
  expect(keyOf(stack).statement('UsersSign').Principal).toEqual({
    AWS: arn('late'),
  })
})

test("the construct's grants don't open the key's policy", () => {
  const stack = new Stack(new App())
  const key = new SigningKey(stack, 'Key', { administrators: [arn('admin')] })
  const before = key.key.addToResourcePolicy(
    new iam.PolicyStatement({
      actions: ['kms:*'],
      principals: [new iam.AnyPrincipal()],
      resources: ['*'],
    }),
  )
  expect(before.statementAdded).toBe(false)
  expect(JSON.stringify(keyOf(stack).key)).not.toContain('kms:*')
})
