import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
} from '@aws-sdk/client-cloudformation'
import { KMSClient, ListKeysCommand } from '@aws-sdk/client-kms'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { devAssembly } from '../../packages/cli/src/devAssembly.js'
import { type RunningHome, startLocalHome } from '../support/localHome.js'
import { runCdk } from '../support/runCdk.js'

// kill -9 of the home in the midst of what the CDK asked for. Every write is
// tried in packages/local (resumeStacks.test.ts); here it is the process.

const StackName = 'keyward-dev'
const args = ['--no-stack', '--no-chain']
let home: RunningHome
let folder = ''
let assembly = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyward kills '))
  assembly = (await devAssembly(() => {})).directory
  home = await startLocalHome({ args, dataDir: join(folder, 'home') })
})
afterAll(async () => {
  await home?.close()
  await rm(folder, { recursive: true, force: true })
})

const connect = async () => {
  const env = await home.env('operator')
  const options = {
    endpoint: home.ready.endpoint,
    region: 'us-east-1',
    credentials: {
      accessKeyId: env.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? '',
    },
    maxAttempts: 1,
  }
  return {
    env,
    stacks: new CloudFormationClient(options),
    kms: new KMSClient(options),
  }
}
const deploy = async (...more: string[]) => {
  const { env } = await connect()
  const ran = await runCdk(
    ['deploy', '--app', assembly, '--require-approval', 'never', ...more],
    { env, folder },
  )
  expect(ran.code, ran.stderr).toBe(0)
}
const keyCount = async () =>
  (await (await connect()).kms.send(new ListKeysCommand({}))).Keys?.length
const status = async () => {
  const { stacks } = await connect()
  return stacks
    .send(new DescribeStacksCommand({ StackName }))
    .then(({ Stacks }) => Stacks?.[0]?.StackStatus)
    .catch(({ message }: Error) => message)
}
const killAndRestart = async (
  afterMs: number,
  begin: (stacks: CloudFormationClient) => Promise<unknown>,
) => {
  const { stacks } = await connect()
  const begun = begin(stacks).catch(() => {})
  await pause(afterMs)
  await home.kill()
  await begun
  home = await startLocalHome({ args, dataDir: join(folder, 'home') })
}

test('a stack killed in its making or going is whole or gone, with one key each', async () => {
  let keys = 0
  for (const afterMs of [10, 60]) {
    await deploy('--method', 'prepare-change-set')
    await killAndRestart(afterMs, (stacks) =>
      stacks.send(
        new ExecuteChangeSetCommand({
          StackName,
          ChangeSetName: 'cdk-deploy-change-set',
        }),
      ),
    )
    // The request may have come too late: then nothing has begun.
    expect(await status()).toMatch(/^(?:CREATE_COMPLETE|REVIEW_IN_PROGRESS)$/)
    await deploy()
    keys += 1
    expect([await status(), await keyCount()]).toEqual([
      'CREATE_COMPLETE',
      keys,
    ])
    await killAndRestart(afterMs, (stacks) =>
      stacks.send(new DeleteStackCommand({ StackName })),
    )
    const left = await status()
    expect(left).toMatch(/^(?:CREATE_COMPLETE|.* does not exist)$/)
    if (left === 'CREATE_COMPLETE') {
      const { stacks } = await connect()
      await stacks.send(new DeleteStackCommand({ StackName }))
    }
    expect(await status()).toMatch(/does not exist$/)
    expect(await keyCount()).toBe(keys)
  }
}, 300_000)
