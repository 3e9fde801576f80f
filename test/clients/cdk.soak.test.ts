import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  AssumeRoleCommand,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { changeQualifier } from '../support/changeAssembly.js'
import {
  all,
  type CdkHome,
  functionId,
  keyId,
  openCdk,
  stackId,
} from '../support/openCdk.js'
import { runCdk } from '../support/runCdk.js'
import { runCli } from '../support/runCli.js'

// The CDK's command line as it is, deploying the very assembly that goes to AWS
// to `keyward local` as it is. The tests go on from each other, as people do.

let at: CdkHome
let created: string | undefined
let signer: unknown
beforeAll(async () => {
  at = await openCdk()
})
afterAll(() => at?.close())

test('lists the stacks of an app', async () => {
  const { code, stdout } = await at.cdk('list', at.assembly)
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'keyward-dev\n' })
})

test('finds that it is bootstrapped already', async () => {
  const ran = await runCdk(['bootstrap', 'aws://000000000000/us-east-1'], {
    env: at.operator(),
    folder: at.folder,
  })
  expect(ran.code).toBe(1)
  expect(all(ran)).toContain(
    "The local home is always bootstrapped (version 33), and its stack CDKToolkit can't be changed. There is nothing to do. Continue with cdk deploy.",
  )
})

test('says that it is not, for an app of another qualifier', async () => {
  const other = join(at.folder, 'other')
  const ran = await at.deploy(
    await changeQualifier(at.assembly, other, 'other'),
  )
  expect(ran.code).toBe(1)
  expect(all(ran)).toContain(
    "SSM parameter /cdk-bootstrap/other/version not found in aws://000000000000/us-east-1. Has the environment been bootstrapped? Please run 'cdk bootstrap'",
  )
})

test('shows the difference before there is anything', async () => {
  const ran = await at.cdk('diff', at.assembly)
  expect(ran.code).toBe(0)
  expect(all(ran)).toContain(`[+] AWS::KMS::Key`)
  expect(all(ran)).toContain('Number of stacks with differences: 1')
})

test('deploys again without a change', async () => {
  created = stackId(await at.deploy(at.assembly))
  signer = JSON.parse((await at.sign()).stdout).address
  const ran = await at.deploy(at.assembly)
  expect(ran.code).toBe(0)
  expect(all(ran)).toContain('✅  keyward-dev (no changes)')
  // Where the CLI does not compare the templates itself, it is told.
  const forced = await at.deploy(at.assembly, '--force')
  expect(forced.code, all(forced)).toBe(0)
  expect(all(forced)).toContain('✅  keyward-dev (no changes)')
  expect(stackId(forced)).toBe(created)
})

test('shows an update that keeps the key', async () => {
  const app = await at.changed('update', ({ Resources }) => {
    Object.assign(Resources[functionId]?.Properties ?? {}, { Timeout: 61 })
    Object.assign(Resources[keyId]?.Properties ?? {}, { Description: 'new' })
  })
  const diff = await at.cdk('diff', app)
  expect(all(diff)).toMatch(/\[~\] AWS::KMS::Key .*SigningKey49B95470/)
  expect(all(diff)).toMatch(/\[~\] Timeout/)
  expect(all(diff)).not.toMatch(/\[~\].*replace/)
  expect(stackId(await at.deploy(app))).toBe(created)
})

test('rolls an update back that fails, and says why', async () => {
  const app = await at.changed('failing', ({ Resources }) => {
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
  const ran = await at.deploy(app, '--progress', 'events')
  expect(ran.code).toBe(1)
  // The column is no wider.
  expect(all(ran)).toContain('UPDATE_ROLLBACK_COMPLET')
  expect(all(ran)).toContain(
    'Function not found: arn:aws:lambda:us-east-1:000000000000:function:keyward-dev-eip1559-signer:7',
  )
  const diff = await at.cdk('diff', join(at.folder, 'update'), '--fail')
  expect(diff.code, all(diff)).toBe(0)
  const again = await at.deploy(join(at.folder, 'update'))
  expect(again.code, all(again)).toBe(0)
  expect(JSON.parse((await at.sign()).stdout).address).toBe(signer)
})

test('tells that a change is refused before it is tried', async () => {
  const app = await at.changed('refused', ({ Resources }) => {
    Object.assign(Resources[keyId]?.Properties ?? {}, { Origin: 'EXTERNAL' })
  })
  const ran = await at.deploy(app)
  expect(ran.code).toBe(1)
  expect(all(ran)).toContain(
    "Origin of a key can't be changed, because the result would be another key with another address.",
  )
})

test('is refused for those who may not assume its roles', async () => {
  const env = await at.home().env('user')
  const args = ['--app', at.assembly, '--require-approval', 'never']
  const ran = await runCdk(['deploy', ...args], { env, folder: at.folder })
  expect(ran.code).toBe(1)
  expect(all(ran)).toContain(
    'is not authorized to perform: ssm:GetParameter on resource: arn:aws:ssm:us-east-1:000000000000:parameter/cdk-bootstrap/hnb659fds/version',
  )
})

test('says that credentials have expired', async () => {
  const sts = (credentials: object) =>
    new STSClient({
      endpoint: at.home().ready.endpoint,
      region: 'us-east-1',
      credentials: credentials as never,
    })
  const role = 'cdk-hnb659fds-deploy-role-000000000000-us-east-1'
  const { Credentials: given } = await sts({
    accessKeyId: at.operator().AWS_ACCESS_KEY_ID,
    secretAccessKey: at.operator().AWS_SECRET_ACCESS_KEY,
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
        at.home().dataDir,
      ]),
    )
  await skew(901)
  try {
    await expect(whoAmI()).rejects.toMatchObject({
      name: 'ExpiredToken',
      message: 'The security token included in the request is expired',
    })
    const ran = await runCdk(['deploy', '--app', at.assembly], {
      env: {
        ...at.operator(),
        AWS_ACCESS_KEY_ID: session.accessKeyId,
        AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
        AWS_SESSION_TOKEN: session.sessionToken,
      },
      folder: at.folder,
    })
    expect(ran.code).toBe(1)
    expect(all(ran)).toContain(
      'There are expired AWS credentials in your environment.',
    )
  } finally {
    await skew(0)
  }
})

test('makes another stack of the same name, with another key', async () => {
  await at.cdk('destroy', at.assembly, '--force')
  const again = await at.deploy(at.assembly)
  expect(again.code, all(again)).toBe(0)
  expect(stackId(again)).not.toBe(created)
  const after = await at.sign()
  expect(after.code, after.stderr).toBe(0)
  expect(JSON.parse(after.stdout).address).not.toBe(signer)
})

test('is told that a stack is in the middle of an update', async () => {
  await at.restart(async (dataDir) => {
    // As a home shows it that could not go on with it.
    const path = join(dataDir, 'stacks', 'keyward-dev.json')
    const file = JSON.parse(await readFile(path, 'utf8'))
    file.state.status = 'UPDATE_IN_PROGRESS'
    delete file.state.source
    await writeFile(path, JSON.stringify(file))
  })
  const ran = await at.deploy(join(at.folder, 'update'))
  expect(ran.code).toBe(1)
  expect(all(ran)).toMatch(
    /Stack:arn:aws:cloudformation:\S+ is in UPDATE_IN_PROGRESS state and can not be updated\./,
  )
})
