import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStacksCommand,
  waitUntilStackDeleteComplete,
} from '@aws-sdk/client-cloudformation'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  signerTemplate,
  writeAssembly,
} from '../../../../test/support/signerAssembly.js'
import {
  createStackStore,
  type StackSource,
  type StackState,
} from '../template/StackState.js'
import { createLocalHome } from './createLocalHome.js'

let folder = ''
let dataDir = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyward home test-'))
  dataDir = join(folder, 'home')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const open = (template?: object, events: string[] = []) =>
  createLocalHome({
    onEvent: (event) => events.push(event),
    dataDir,
    port: 0,
    chain: false,
    ...(template && {
      assembly: {
        directory: writeAssembly(join(folder, 'cdk.out'), template, {
          stackName: 'keyward-dev',
        }),
      },
    }),
  })

test('a home has its stack again after a restart, with the same keys', async () => {
  const seen: unknown[] = []
  const alice = 'arn:aws:iam::000000000000:role/keyward-dev-alice'
  for (let i = 0; i < 2; i += 1) {
    const home = await open(signerTemplate())
    seen.push([home.keys(), home.functions(), home.credentials(alice)])
    await home.close()
  }
  expect(seen[1]).toEqual(seen[0])
  expect(seen[0]).toMatchObject([
    [{ alias: 'alias/keyward-dev', address: expect.stringMatching(/^0x/) }],
    [{ name: 'keyward-dev-signer' }],
    { principalArn: alice },
  ])
})

test("the home's stack is deleted by CDK's deployment role, also if an earlier version made the home", async () => {
  const first = await open(signerTemplate())
  await first.close()
  const store = createStackStore(join(dataDir, 'stacks'))
  const saved = store.get('keyward-dev') as StackState
  const roleOf = (name: string) =>
    `arn:aws:iam::000000000000:role/cdk-hnb659fds-${name}-role-000000000000-us-east-1`
  const { roleArn, assembly, ...deployed } = saved.source as StackSource
  expect(roleArn).toBe(roleOf('cfn-exec'))
  const templateText = JSON.stringify({
    ...signerTemplate(),
    Metadata: { 'Keyward::Settings': { webhookUrl: 'a', network: 'local' } },
  })
  store.save({ ...saved, source: { ...deployed, templateText } })
  const events: string[] = []
  const home = await open(signerTemplate(), events)
  expect(assembly).toBe(join(folder, 'cdk.out'))
  expect(events).toContain(
    'The home loads its own template into keyward-dev again. Settings that a deploy had changed are reset: network, webhookUrl. Deploy again to restore them. To keep them at the next start, pass --no-stack.',
  )
  const config = { endpoint: home.endpoint, region: 'us-east-1' }
  const sts = new STSClient({
    ...config,
    credentials: home.credentials('operator'),
  })
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({
      RoleArn: roleOf('deploy'),
      RoleSessionName: 'keyward',
    }),
  )
  const client = new CloudFormationClient({
    ...config,
    credentials: {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    },
  })
  const { Stacks } = await client.send(
    new DescribeStacksCommand({ StackName: 'keyward-dev' }),
  )
  expect(Stacks).toMatchObject([{ RoleARN: roleOf('cfn-exec') }])
  const StackName = Stacks?.[0]?.StackId ?? ''
  await client.send(new DeleteStackCommand({ StackName }))
  await waitUntilStackDeleteComplete(
    { client, maxWaitTime: 20, minDelay: 1 },
    { StackName },
  )
  client.destroy()
  sts.destroy()
  await home.close()
})

test('an assembly that is refused leaves a home that opens', async () => {
  const template = signerTemplate()
  template.Resources.X = { Type: 'AWS::S3::Bucket' }
  await expect(open(template)).rejects.toMatchObject({
    name: 'StackError',
    code: 'resource-unsupported',
  })
  const home = await open()
  expect([home.keys(), home.functions()]).toEqual([[], []])
  await home.close()
})

describe('declared principals that are refused:', () => {
  const arn = 'arn:aws:iam::000000000000:role/r'
  test.each<[unknown, string]>([
    [[], 'The content is not a JSON object.'],
    [{ me: [] }, '"me" is not a user or role.'],
    [{ [arn]: {} }, `The policies of ${arn} are not a list.`],
    [
      { [arn]: [{}] },
      `A policy of ${arn} can't be used: The policy has no Statement.`,
    ],
  ])('%j', async (declared, problem) => {
    const home = await open()
    await home.close()
    const path = join(dataDir, 'principals.json')
    writeFileSync(path, JSON.stringify(declared), { mode: 0o600 })
    await expect(open()).rejects.toThrow(
      `${path} is not valid. ${problem} The file must contain {"arn:aws:iam::000000000000:role/NAME": [POLICY, ...]}.`,
    )
  })
})
