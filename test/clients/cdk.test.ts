import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  AssumeRoleCommand,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { devAssembly } from '../../packages/cli/src/devAssembly.js'
import {
  changeAssembly,
  changeQualifier,
  type Template,
} from '../support/changeAssembly.js'
import { type RunningHome, startLocalHome } from '../support/localHome.js'
import { runCdk } from '../support/runCdk.js'
import { type Ran, runCli } from '../support/runCli.js'

// The CDK's command line as it is, deploying the very assembly that goes to AWS
// to `keyward local` as it is. The tests go on from each other, as people do.

let home: RunningHome
let folder = ''
let assembly = ''
let operator: Record<string, string> = {}
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyward cdk '))
  assembly = (await devAssembly(() => {})).directory
  home = await startLocalHome({ args: ['--no-stack', '--no-chain'] })
  operator = await home.env('operator')
})
afterAll(async () => {
  await home?.close()
  await rm(folder, { recursive: true, force: true })
})

const functionId = 'Eip1559Function82FEFDF6'
const keyId = 'SigningKey49B95470'

const cdk = (command: string, app: string, ...args: string[]): Promise<Ran> =>
  runCdk([command, '--app', app, ...args], { env: operator, folder })
const deploy = (app: string, ...args: string[]) =>
  cdk('deploy', app, '--require-approval', 'never', ...args)
const changed = (name: string, change: (template: Template) => void) =>
  changeAssembly(assembly, join(folder, name), change)
const all = ({ stdout, stderr }: Ran) => `${stdout}${stderr}`
const stackId = (ran: Ran) =>
  /arn:aws:cloudformation:\S+\/keyward-dev\/\S+/.exec(all(ran))?.[0]
const sign = async () => {
  const env = await home.env()
  const args = ['sign', 'message', '--in', '-', '--json']
  const ran = await runCli(args, { env, input: 'hello' })
  return { env, ...ran }
}

let created: string | undefined
let signer: unknown

test('lists the stacks of an app', async () => {
  const { code, stdout } = await cdk('list', assembly)
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'keyward-dev\n' })
})

test('finds that it is bootstrapped already', async () => {
  const ran = await runCdk(['bootstrap', 'aws://000000000000/us-east-1'], {
    env: operator,
    folder,
  })
  expect(ran.code).toBe(1)
  expect(all(ran)).toContain(
    'The local home is bootstrapped from its start (version 33), and its stack CDKToolkit can not be changed: there is nothing to do. Go on with cdk deploy.',
  )
})

test('says that it is not, for an app of another qualifier', async () => {
  const other = join(folder, 'other')
  const ran = await deploy(await changeQualifier(assembly, other, 'other'))
  expect(ran.code).toBe(1)
  expect(all(ran)).toContain(
    "SSM parameter /cdk-bootstrap/other/version not found in aws://000000000000/us-east-1. Has the environment been bootstrapped? Please run 'cdk bootstrap'",
  )
})

test('shows the difference before there is anything', async () => {
  const ran = await cdk('diff', assembly)
  expect(ran.code).toBe(0)
  expect(all(ran)).toContain(`[+] AWS::KMS::Key`)
  expect(all(ran)).toContain('Number of stacks with differences: 1')
})

test('deploys a stack whose key signs for the user of its policy', async () => {
  const ran = await deploy(assembly, '--outputs-file', join(folder, 'out.json'))
  expect(ran.code, all(ran)).toBe(0)
  expect(all(ran)).toContain('✅  keyward-dev')
  created = stackId(ran)
  const outputs = JSON.parse(await readFile(join(folder, 'out.json'), 'utf8'))
  const { env, code, stdout, stderr } = await sign()
  expect(outputs['keyward-dev']).toMatchObject({
    KeyId: env.AWS_KMS_KEY_ID,
    KeyAlias: 'alias/keyward-dev',
    Eip1559SignerName: 'keyward-dev-eip1559-signer',
  })
  expect(code, stderr).toBe(0)
  signer = JSON.parse(stdout).address
  expect(signer).toMatch(/^0x[0-9a-fA-F]{40}$/)
})

test('deploys again without a change', async () => {
  const ran = await deploy(assembly)
  expect(ran.code).toBe(0)
  expect(all(ran)).toContain('✅  keyward-dev (no changes)')
  // Where the CLI does not compare the templates itself, it is told.
  const forced = await deploy(assembly, '--force')
  expect(forced.code, all(forced)).toBe(0)
  expect(all(forced)).toContain('✅  keyward-dev (no changes)')
  expect(stackId(forced)).toBe(created)
})

test('shows and makes an update that keeps the key', async () => {
  const app = await changed('update', ({ Resources }) => {
    Object.assign(Resources[functionId]?.Properties ?? {}, { Timeout: 61 })
    Object.assign(Resources[keyId]?.Properties ?? {}, { Description: 'new' })
  })
  const diff = await cdk('diff', app)
  expect(all(diff)).toMatch(/\[~\] AWS::KMS::Key .*SigningKey49B95470/)
  expect(all(diff)).toMatch(/\[~\] Timeout/)
  expect(all(diff)).not.toMatch(/\[~\].*replace/)
  const ran = await deploy(app, '--progress', 'events')
  expect(ran.code, all(ran)).toBe(0)
  expect(all(ran)).toMatch(/UPDATE_COMPLETE_CLEA.*\n.*UPDATE_COMPLETE/)
  expect(stackId(ran)).toBe(created)
  const { env, stdout } = await sign()
  expect(JSON.parse(stdout).address).toBe(signer)
  expect(env.AWS_KMS_KEY_ID).toBeDefined()
})

test('rolls an update back that fails, and says why', async () => {
  const app = await changed('failing', ({ Resources }) => {
    Object.assign(Resources[functionId]?.Properties ?? {}, { Timeout: 62 })
    // This number was never published.
    Resources.Alias = {
      Type: 'AWS::Lambda::Alias',
      Properties: {
        FunctionName: { Ref: functionId },
        FunctionVersion: '7',
        Name: 'alice',
      },
    }
  })
  const ran = await deploy(app, '--progress', 'events')
  expect(ran.code).toBe(1)
  // The column is no wider.
  expect(all(ran)).toContain('UPDATE_ROLLBACK_COMPLET')
  expect(all(ran)).toContain(
    'Function not found: arn:aws:lambda:us-east-1:000000000000:function:keyward-dev-eip1559-signer:7',
  )
  const diff = await cdk('diff', join(folder, 'update'), '--fail')
  expect(diff.code, all(diff)).toBe(0)
  const again = await deploy(join(folder, 'update'))
  expect(again.code, all(again)).toBe(0)
  expect(JSON.parse((await sign()).stdout).address).toBe(signer)
})

test('tells that a change is refused before it is tried', async () => {
  const app = await changed('refused', ({ Resources }) => {
    Object.assign(Resources[keyId]?.Properties ?? {}, { Origin: 'EXTERNAL' })
  })
  const ran = await deploy(app)
  expect(ran.code).toBe(1)
  expect(all(ran)).toContain(
    'Origin of a key can not be changed: it would be another key with another address.',
  )
})

test('is refused for those who may not assume its roles', async () => {
  const env = await home.env('user')
  const args = ['--app', assembly, '--require-approval', 'never']
  const ran = await runCdk(['deploy', ...args], { env, folder })
  expect(ran.code).toBe(1)
  expect(all(ran)).toContain(
    'is not authorized to perform: ssm:GetParameter on resource: arn:aws:ssm:us-east-1:000000000000:parameter/cdk-bootstrap/hnb659fds/version',
  )
})

test('says that credentials have expired', async () => {
  const sts = (credentials: object) =>
    new STSClient({
      endpoint: home.ready.endpoint,
      region: 'us-east-1',
      credentials: credentials as never,
    })
  const role = 'cdk-hnb659fds-deploy-role-000000000000-us-east-1'
  const { Credentials: given } = await sts({
    accessKeyId: operator.AWS_ACCESS_KEY_ID,
    secretAccessKey: operator.AWS_SECRET_ACCESS_KEY,
  }).send(
    new AssumeRoleCommand({
      RoleArn: `arn:aws:iam::000000000000:role/${role}`,
      RoleSessionName: 'me',
      DurationSeconds: 900,
    }),
  )
  const session = {
    accessKeyId: given?.AccessKeyId ?? '',
    secretAccessKey: given?.SecretAccessKey ?? '',
    sessionToken: given?.SessionToken ?? '',
  }
  const whoAmI = () => sts(session).send(new GetCallerIdentityCommand({}))
  expect((await whoAmI()).Arn).toBe(
    `arn:aws:sts::000000000000:assumed-role/${role}/me`,
  )
  const skew = (seconds: number) =>
    runCli(
      ['local', 'faults', '--clock-skew', String(seconds)].concat([
        '--data-dir',
        home.dataDir,
      ]),
    )
  await skew(901)
  try {
    await expect(whoAmI()).rejects.toMatchObject({
      name: 'ExpiredToken',
      message: 'The security token included in the request is expired',
    })
    const ran = await runCdk(['deploy', '--app', assembly], {
      env: {
        ...operator,
        AWS_ACCESS_KEY_ID: session.accessKeyId,
        AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
        AWS_SESSION_TOKEN: session.sessionToken,
      },
      folder,
    })
    expect(ran.code).toBe(1)
    expect(all(ran)).toContain(
      'There are expired AWS credentials in your environment.',
    )
  } finally {
    await skew(0)
  }
})

test('destroys the stack and keeps its key and logs', async () => {
  const before = await sign()
  const ran = await cdk('destroy', assembly, '--force', '--progress', 'events')
  expect(ran.code, all(ran)).toBe(0)
  expect(all(ran)).toContain('✅  keyward-dev: destroyed')
  expect(all(ran)).toMatch(/DELETE_SKIPPED\s+\|\s+AWS::KMS::Key/)
  expect(all(ran)).toMatch(/DELETE_SKIPPED\s+\|\s+AWS::Logs::LogGroup/)
  const key = String(before.env.AWS_KMS_KEY_ID)
  const kept = await runCli(['key', 'address', '--key', key], {
    env: before.env,
  })
  expect(kept.stdout).toContain(signer)
  // Another stack of the same name is another one, with another key.
  const again = await deploy(assembly)
  expect(again.code, all(again)).toBe(0)
  expect(stackId(again)).not.toBe(created)
  const after = await sign()
  expect(after.code, after.stderr).toBe(0)
  expect(JSON.parse(after.stdout).address).not.toBe(signer)
})

test('is told that a stack is in the middle of an update', async () => {
  await home.stop()
  // As a home shows it that could not go on with it.
  const path = join(home.dataDir, 'stacks', 'keyward-dev.json')
  const file = JSON.parse(await readFile(path, 'utf8'))
  file.state.status = 'UPDATE_IN_PROGRESS'
  delete file.state.source
  await writeFile(path, JSON.stringify(file))
  home = await startLocalHome({
    dataDir: home.dataDir,
    args: ['--no-stack', '--no-chain'],
  })
  operator = await home.env('operator')
  const ran = await deploy(join(folder, 'update'))
  expect(ran.code).toBe(1)
  expect(all(ran)).toMatch(
    /Stack:arn:aws:cloudformation:\S+ is in UPDATE_IN_PROGRESS state and can not be updated\./,
  )
})
