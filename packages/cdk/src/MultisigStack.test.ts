import { App } from 'aws-cdk-lib'
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions'
import { beforeAll, describe, expect, test } from 'vitest'
import { ensureBuilt } from '../../../scripts/build.mjs'
import { MultisigStack, type MultisigStackProps } from './index.js'

process.env.CDK_VALIDATION = 'false'
beforeAll(() => ensureBuilt())

const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`
const safe = `0x${'5a'.repeat(20)}`
const file = JSON.stringify({ version: 1, chainId: 11155111, safe, pins: {} })
const rpcUrl = 'https://rpc.example.com'
const owners = ['anna', 'bert', 'cleo'].map((name) => ({
  approvers: { [name]: role(name) },
}))

function create(props: Partial<MultisigStackProps> = {}): MultisigStack {
  return new MultisigStack(new App(), 'treasury', {
    ...{ network: 'sepolia', rpcUrl, administrators: [role('admin')], owners },
    ...props,
  })
}
const synth = (props?: Partial<MultisigStackProps>) =>
  Template.fromStack(create(props))

// biome-ignore lint/suspicious/noExplicitAny: a template has any shape.
type Any = any

const policyOf = (template: Template, id: RegExp): Any[] =>
  Object.entries(template.findResources('AWS::IAM::Policy'))
    .filter(([name]) => id.test(name))
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement)
const environmentOf = (template: Template, name: string): Any =>
  Object.values(template.findResources('AWS::Lambda::Function')).find(
    ({ Properties }) => Properties.FunctionName === name,
  )?.Properties.Environment.Variables

describe('three owners in one account', () => {
  let template: Template
  beforeAll(() => {
    template = synth({ safe: file, proposers: { dora: role('dora') } })
  })

  test('have a key and a function each, in addition to coordinator and relayer', () => {
    template.resourceCountIs('AWS::KMS::Key', 4)
    const functions = template.findResources('AWS::Lambda::Function')
    expect(
      Object.values(functions).map(({ Properties }) => Properties.FunctionName),
    ).toEqual([
      ...[1, 2, 3].map((number) => `treasury-cosigner-${number}`),
      'treasury-sender',
      'treasury-reconciler',
      'treasury-coordinator',
    ])
  })

  test('each signs with its own key, and the coordinator has no key', () => {
    const keys = [1, 2, 3].map((number) => {
      const statements = policyOf(template, new RegExp(`^Cosigner${number}`))
      const signs = statements.filter(
        ({ Effect, Action }) => Effect === 'Allow' && Action === 'kms:Sign',
      )
      expect(signs).toHaveLength(1)
      return signs[0].Resource['Fn::GetAtt'][0]
    })
    expect(keys).toEqual(
      [1, 2, 3].map((number) =>
        expect.stringMatching(new RegExp(`^Owner${number}Key`)),
      ),
    )
    const coordinator = policyOf(template, /^Coordinator/)
    expect(coordinator.length).toBeGreaterThan(3)
    expect(JSON.stringify(coordinator)).not.toContain('kms:')
  })

  test('a co-signer reads and signs proposals, but creates none', () => {
    for (const [id, actions] of [
      [/^Cosigner2/, ['dynamodb:GetItem', 'dynamodb:UpdateItem']],
      [
        /^Coordinator/,
        [
          'dynamodb:GetItem',
          'dynamodb:UpdateItem',
          'dynamodb:Query',
          'dynamodb:PutItem',
        ],
      ],
    ] as const) {
      const statements = policyOf(template, id)
      const uses = statements.find(({ Sid }) => Sid === 'UseProposals')
      expect(uses.Action).toEqual(actions)
      const bound = statements.find(({ Sid }) => Sid === 'WriteFromHereOnly')
      expect(bound.Effect).toBe('Deny')
      expect(bound.Action).toEqual(expect.arrayContaining([...actions]))
    }
  })

  test('only these functions read and write the table, and nobody deletes or copies', () => {
    const tables = template.findResources('AWS::DynamoDB::GlobalTable')
    const [, table] =
      Object.entries(tables).find(([id]) => id.startsWith('Proposals')) ?? []
    const { DeletionProtectionEnabled, ResourcePolicy } =
      table?.Properties.Replicas[0] ?? {}
    expect([table?.DeletionPolicy, DeletionProtectionEnabled]).toEqual([
      'Retain',
      true,
    ])
    const [uses, nobody] = ResourcePolicy.PolicyDocument.Statement
    expect(uses).toMatchObject({
      Sid: 'OnlyTheMultisigReadsAndWrites',
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Action: expect.arrayContaining([
        'dynamodb:GetItem',
        'dynamodb:Scan',
        'dynamodb:UpdateItem',
      ]),
    })
    expect(
      uses.Condition.ArnNotEquals['aws:PrincipalArn'].map((arn: Any) =>
        arn['Fn::GetAtt'][0].replace(/Role.*/, ''),
      ),
    ).toEqual(['Cosigner1', 'Cosigner2', 'Cosigner3', 'Coordinator'])
    expect(nobody).toMatchObject({
      Sid: 'NobodyDeletesOrCopies',
      Effect: 'Deny',
    })
    expect(nobody.Condition).toBeUndefined()
  })

  test('the relayer sends only for this Safe and this coordinator', () => {
    for (const name of ['treasury-sender', 'treasury-reconciler'])
      expect(environmentOf(template, name)).toMatchObject({
        RELAYED_SAFE: safe,
        MAX_SIGNATURES: '3',
      })
    expect(environmentOf(template, 'treasury-sender').KEYWARD_CALLERS).toBe(
      'coordinator',
    )
    const coordinator = policyOf(template, /^Coordinator/)
    const asks = coordinator.find(({ Sid }) => Sid === 'AskRelayer')
    expect(asks.Action).toBe('lambda:InvokeFunction')
    const told = environmentOf(template, 'treasury-coordinator')
    expect(asks.Resource).toEqual(told.RELAYER_FUNCTION)
    expect(told.APPROVERS).toBe('anna,bert,cleo')
  })

  test('synth warns that one account has all keys', () => {
    Annotations.fromStack(create()).hasWarning(
      '*',
      Match.stringLikeRegexp('all 3 keys are in one AWS account'),
    )
  })
})

test('synth warns about what safe-message without a policy lets an approver sign', () => {
  const [one, ...others] = owners.map((owner) => ({
    ...{ ...owner, open: ['safe-message'] },
  }))
  const text = Match.stringLikeRegexp(
    'owners: 2, 3 open safe-message without a policy',
  )
  const closed = { approvers: { anna: role('anna') } }
  Annotations.fromStack(create({ owners: [closed, ...others] })).hasWarning(
    '*',
    text,
  )
  // On its own, since other warnings stand beside it.
  const alone = create({ owners: [closed], coordinator: false })
  Annotations.fromStack(alone).hasNoWarning('*', Match.anyValue())
  Annotations.fromStack(
    create({ owners: [one ?? closed], coordinator: false }),
  ).hasWarning(
    '*',
    Match.stringLikeRegexp('owners: 1 opens safe-message without a policy'),
  )
})

test('a single owner has one key and one function, without the account warning', () => {
  const stack = create({ owners: owners.slice(0, 1), coordinator: false })
  const template = Template.fromStack(stack)
  template.resourceCountIs('AWS::KMS::Key', 1)
  template.resourceCountIs('AWS::Lambda::Function', 1)
  template.resourceCountIs('AWS::DynamoDB::GlobalTable', 0)
  expect(environmentOf(template, 'treasury-cosigner-1')).not.toHaveProperty(
    'PROPOSAL_TABLE',
  )
  Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue())
})

test('before the Safe is created, the relayer sends nothing', () => {
  const template = synth()
  expect(environmentOf(template, 'treasury-sender').RELAYED_SAFE).toBe('none')
  expect(environmentOf(template, 'treasury-cosigner-1')).not.toHaveProperty(
    'SAFE',
  )
})

test('each owner has its own opened dangers, and the coordinator has all of them', () => {
  const template = synth({
    owners: [
      { ...owners[0], approvers: {}, open: ['owners', 'ownership'] },
      { ...owners[1], approvers: {}, openCalls: [safe] },
    ],
  })
  const of = (name: string) => {
    const { OPEN_DANGERS, OPEN_CALLS } = environmentOf(template, name)
    return [OPEN_DANGERS, OPEN_CALLS]
  }
  expect(of('treasury-cosigner-1')).toEqual(['owners,ownership', undefined])
  expect(of('treasury-cosigner-2')).toEqual([undefined, safe])
  expect(of('treasury-coordinator')).toEqual(['owners,ownership', safe])
})

test.each<[string, Partial<MultisigStackProps>]>([
  ['no owner', { owners: [] }],
  ['no node', { rpcUrl: undefined as never }],
  ['a danger that is none', { owners: [{ approvers: {}, open: ['all'] }] }],
  ['a safe file that is none', { safe: '{"safe":"0x00"}' }],
  [
    'a name of two principals',
    {
      owners: [{ approvers: { anna: role('a') } }],
      proposers: { anna: role('b') },
    },
  ],
  [
    'a principal of two names',
    {
      owners: [{ approvers: { anna: role('a') } }],
      proposers: { bert: role('a') },
    },
  ],
  ['nobody to propose to', { coordinator: false, proposers: {} }],
  ['no hours', { proposalHours: 0 }],
])('%s is refused', (_, props) => {
  expect(() => create(props)).toThrowErrorMatchingSnapshot()
})
