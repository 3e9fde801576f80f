import { expect, test } from 'vitest'
import type { CloudFormation } from '../stack/CloudFormation.js'
import { inStack } from '../stack/findParts.js'
import type { Stack } from '../stack/readStack.js'
import type { Template } from '../stack/Template.js'
import { fatesOf, findRemains, type Remains } from './findRemains.js'

const group = (logicalId: string, suffix = '') => ({
  ...{ logicalId, physicalId: `orders-${logicalId}${suffix}` },
  ...{ type: 'AWS::Logs::LogGroup', status: 'DELETE_SKIPPED' },
})
const [sender, message] = [
  'SenderFunctionLogs3F52E076',
  'MessageLogs01234567',
] as const
const stack = (resources: Stack['resources']): Stack => ({
  ...{ name: 'orders', id: 'arn', status: 'DELETE_COMPLETE', outputs: {} },
  ...{ statusReason: undefined, roleArn: undefined },
  ...{ terminationProtection: false, resources },
})
const retained = { Type: 'AWS::Logs::LogGroup', DeletionPolicy: 'Retain' }
const template: Template = { Resources: { [sender]: retained } }

function fates(
  resources: Stack['resources'],
  known: Template | undefined = template,
  { gone = true, keepLogs = false } = {},
) {
  const found = stack(resources)
  const remains: Remains = {
    ...{ stack: found, template: known, gone },
    parts: inStack(found, known),
  }
  return fatesOf(remains, { keepLogs, goneKeys: [] }).map(
    ({ id, fate }) => `${id} ${fate}`,
  )
}

test('logs that an earlier deployment left stay, also if the stack is gone', () => {
  const all = [group(sender), group(message)]
  expect(fates(all)).toEqual([
    `orders-${sender} remove`,
    `orders-${message} stay`,
  ])
  expect(fates(all, template, { keepLogs: true })).toEqual([
    `orders-${sender} stay`,
    `orders-${message} stay`,
  ])
  // Two of the same function: one of them is the earlier one's.
  expect(fates([group(sender, '-a'), group(sender, '-b')])).toEqual([
    `orders-${sender}-a stay`,
    `orders-${sender}-b stay`,
  ])
})

test('without the template, no log group of a deleted stack is deleted', () => {
  const hidden = fatesOf(
    {
      ...{ stack: stack([group(sender)]), template: undefined, gone: true },
      parts: inStack(stack([]), undefined),
    },
    { keepLogs: false, goneKeys: [] },
  )
  expect(hidden.map(({ fate }) => fate)).toEqual(['stay'])
})

test("a retained log group that is not one of Keyward's stays", () => {
  const audit = 'AuditLogs89ABCDEF'
  const known = { Resources: { [sender]: retained, [audit]: retained } }
  for (const gone of [true, false])
    expect(fates([group(sender), group(audit)], known, { gone })).toEqual([
      `orders-${sender} remove`,
      `orders-${audit} stay`,
    ])
})

const target = { kind: 'local', endpoint: 'http://127.0.0.1:1' } as const

/** CloudFormation with one stack. */
function cloudFormation({
  resources,
  body,
  gone = false,
}: {
  resources: readonly object[]
  body: () => unknown
  gone?: boolean
}) {
  const send = async (command: {
    constructor: { name: string }
    input: { StackName?: string }
  }) => {
    const name = command.constructor.name.replace('Command', '')
    if (name === 'DescribeStacks') {
      if (gone && command.input.StackName === 'orders')
        throw failure('ValidationError', 'Stack orders does not exist')
      const StackStatus = gone ? 'DELETE_COMPLETE' : 'CREATE_COMPLETE'
      return { Stacks: [{ StackName: 'orders', StackId: 'arn', StackStatus }] }
    }
    if (name === 'ListStacks')
      return { StackSummaries: [{ StackName: 'orders', StackId: 'arn' }] }
    if (name === 'ListStackResources')
      return { StackResourceSummaries: resources }
    const made = body()
    return {
      TemplateBody: typeof made === 'string' ? made : JSON.stringify(made),
    }
  }
  return { send } as unknown as CloudFormation
}
const failure = (name: string, message: string) =>
  Object.assign(new Error(message), { name })
const listed = (
  LogicalResourceId: string,
  ResourceType: string,
  PhysicalResourceId = '',
) => ({ LogicalResourceId, ResourceType, PhysicalResourceId })
const sending = [
  listed('SenderFunction9AB85FEE', 'AWS::Lambda::Function', 'orders-sender'),
]
const find = (parts: Parameters<typeof cloudFormation>[0]) =>
  findRemains(cloudFormation(parts), target, 'orders')
const fn = (FunctionName: string, Variables: object) => ({
  Type: 'AWS::Lambda::Function',
  Properties: { FunctionName, Environment: { Variables } },
})

test('a template that the call fails to read is not taken for none', async () => {
  const body = () => {
    throw failure('Throttling', 'Rate exceeded')
  }
  for (const gone of [true, false])
    await expect(find({ resources: sending, body, gone })).rejects.toThrow(
      'Rate exceeded',
    )
  const denied = () => {
    throw failure('AccessDenied', '')
  }
  expect(await find({ resources: sending, body: denied })).toMatchObject({
    template: undefined,
    gone: false,
  })
})

test.each([
  ['functions by other names', { Resources: { F: fn('orders-web', {}) } }],
  [
    'a function that happens to have such a name',
    { Resources: { SenderFunction9AB85FEE: fn('orders-sender', {}) } },
  ],
  [
    'a key of another kind',
    { Resources: { SigningKey49B95470: { Type: 'AWS::KMS::Key' } } },
  ],
  ['a template in YAML', 'Resources:\n  Topic:\n    Type: AWS::SNS::Topic'],
])("refuses a stack that is not Keyward's: %s", async (_, body) => {
  const resources = [listed('Topic', 'AWS::SNS::Topic', 'arn:topic')]
  for (const gone of [true, false])
    await expect(
      find({ resources, body: () => body, gone }),
    ).rejects.toMatchObject({
      code: 'foreign-stack',
      shortMessage: 'The stack orders was not created by Keyward.',
    })
})

test('refuses a stack whose template and functions it cannot see', async () => {
  const resources = [listed('Topic', 'AWS::SNS::Topic', 'arn:topic')]
  const body = () => {
    throw failure('AccessDenied', '')
  }
  await expect(find({ resources, body })).rejects.toMatchObject({
    code: 'foreign-stack',
    details: expect.stringContaining('cloudformation:GetTemplate'),
  })
})

const own = { ETH_NETWORK: 'sepolia' }
test.each([
  ['its settings', { Metadata: { 'Keyward::Settings': {} } }],
  [
    "the construct library's functions",
    { Resources: { SenderFunction9AB85FEE: fn('orders-sender', own) } },
  ],
  [
    "the construct library's key",
    {
      Resources: {
        SigningKey49B95470: {
          Type: 'AWS::KMS::Key',
          Properties: { KeySpec: 'ECC_SECG_P256K1' },
        },
      },
    },
  ],
])('takes a stack of which no function is left by %s', async (_, body) => {
  const resources = [listed('SigningKey49B95470', 'AWS::KMS::Key')]
  expect((await find({ resources, body: () => body })).gone).toBe(false)
})

test('takes a stack whose creation never began', async () => {
  const found = await find({ resources: [], body: () => '' })
  expect(found).toMatchObject({ template: undefined, gone: false })
})
