import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  CloudFormationClient,
  CreateStackCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation'
import { EnableKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import {
  DeleteFunctionConcurrencyCommand,
  GetAccountSettingsCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda'
import { JsonRpcProvider } from 'ethers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import scp from '../../packages/cdk/policies/scp.json' with { type: 'json' }
import { type RunningHome, startLocalHome } from '../support/localHome.js'
import { runCli } from '../support/runCli.js'

// The local home as hard as AWS can be, and nothing is retried. What it shows late
// is tested in packages/local/src/strict.

let home: RunningHome
beforeAll(async () => {
  home = await startLocalHome({ args: ['--aws-strict'] })
  const chain = new JsonRpcProvider(`${home.ready.rpcUrl}`)
  await chain.send('anvil_setBalance', [home.key.address, '0xde0b6b3a7640000'])
  chain.destroy()
})
afterAll(() => home.close())

async function cli(as: string, ...args: string[]) {
  const env = await home.env(as)
  const { code, stdout, stderr } = await runCli([...args, '--json'], { env })
  if (code !== 0) throw new Error(stderr)
  return JSON.parse(stdout)
}

test.concurrent('a key is made, named, described and used, while it is known late', async () => {
  const key = await cli('operator', 'key', 'create', '--alias', 'strict')
  expect(key).toMatchObject({ alias: 'alias/strict', state: 'Enabled' })
  expect(await cli('operator', 'key', 'show', 'alias/strict')).toEqual(key)
})

const connect = async (as: string) => {
  const env = await home.env(as)
  return {
    endpoint: home.ready.endpoint,
    region: 'us-east-1',
    credentials: {
      accessKeyId: env.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? '',
    },
  }
}

/** Has the policy of an organisation bind the administrator, and the operator. */
async function joinOrganisation(): Promise<void> {
  const client = new CloudFormationClient(await connect('operator'))
  await client.send(
    new CreateStackCommand({
      StackName: 'organisation',
      Capabilities: ['CAPABILITY_NAMED_IAM'],
      TemplateBody: JSON.stringify({
        Resources: {
          Denies: {
            Type: 'AWS::IAM::Policy',
            Properties: {
              PolicyName: 'scp',
              PolicyDocument: scp,
              Roles: ['keyward-dev-admin'],
              Users: ['operator'],
            },
          },
        },
      }),
    }),
  )
  await waitUntilStackCreateComplete(
    { client, minDelay: 0.2, maxDelay: 1, maxWaitTime: 60 },
    { StackName: 'organisation' },
  )
  client.destroy()
  // Policies are known late.
  await sleep(5500)
}

// Half a minute of waiting for what AWS still shows.
test('a freeze right after the opposite is not misled by what AWS still shows, in a new account of an organisation', async () => {
  await joinOrganisation()
  const operator = new LambdaClient(await connect('operator'))
  await expect(
    operator.send(
      new UpdateFunctionConfigurationCommand({
        FunctionName: 'keyward-dev-sender',
        Timeout: 31,
      }),
    ),
  ).rejects.toThrow('explicit deny')
  const { AccountLimit } = await operator.send(
    new GetAccountSettingsCommand({}),
  )
  expect(AccountLimit?.ConcurrentExecutions).toBe(10)
  operator.destroy()

  expect(await cli('admin', 'freeze')).toMatchObject({ complete: true })
  const connection = await connect('admin')
  const kms = new KMSClient(connection)
  const lambda = new LambdaClient(connection)
  const FunctionName = 'keyward-dev-sender'
  await kms.send(new EnableKeyCommand({ KeyId: home.key.keyId }))
  await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }))
  // Both still look stopped.
  expect(await cli('admin', 'freeze')).toMatchObject({ complete: true })
  await sleep(5500)
  expect(await cli('admin', 'status')).toMatchObject({ frozen: 'yes' })
  expect(await cli('admin', 'unfreeze')).toMatchObject({ complete: true })
  expect(await cli('admin', 'status')).toMatchObject({ frozen: 'no' })
  kms.destroy()
  lambda.destroy()
})

test.concurrent('functions that stood still find new connections, and pay once', async () => {
  const send = () =>
    cli(
      'user',
      ...['send', '--to', '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'],
      ...['--amount', '0', '--idempotency-key', randomUUID()],
    )
  const first = await send()
  await sleep(2500)
  const second = await send()
  expect([first, second].map(({ status }) => status)).toEqual([
    'mined',
    'mined',
  ])
  expect(BigInt(second.nonce) - BigInt(first.nonce)).toBe(1n)
})
