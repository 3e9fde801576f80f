import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import {
  CloudFormationClient,
  CreateStackCommand,
  GetTemplateCommand,
  ListChangeSetsCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation'
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import {
  DeleteTableCommand,
  DynamoDBClient,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb'
import { EnableKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import {
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { StackName } from '@keyward/toolkit/stack'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findViolations } from '../support/awsModels/findViolations.js'
import { findWide } from '../support/findWide.js'
import { readGuide } from '../support/readGuide.js'
import { refusal } from '../support/refusal.js'
import { run, runCli } from '../support/runCli.js'
import { settle } from '../support/settle.js'
import { startBareHome } from '../support/startBareHome.js'
import { key, startProvider } from '../support/startProvider.js'
import { soak, strict } from '../support/tools.js'

// From nothing to nothing through the command line: each step by the principal
// whose it is, and refused to the others. The tests go on from each other; those
// of a second deployment are for soak.

let home: Awaited<ReturnType<typeof startBareHome>>
let provider: Awaited<ReturnType<typeof startProvider>>
beforeAll(async () => {
  home = await startBareHome(['--no-stack'], { records: true })
  provider = await startProvider(() => home.rpcUrl())
})
afterAll(async () => {
  await home.close()
  await provider.close()
})

const stack = 'keyward-dev'
const functions = [
  'eip1559-signer',
  'legacy-signer',
  'sender',
  'reconciler',
].map((kind) => `${stack}-${kind}`)
/** A new account's whole quota has to stay unreserved. */
const atMost = strict ? [] : ['--concurrency', '2']
let address = ''
let keyArn = ''

/** Has the function sign, as a principal. */
const guessed = StackName.toFunctionNames(stack)

async function invoke(as: string, name = functions[0] as string) {
  const env = await home.envOf(as)
  const client = new LambdaClient({
    endpoint: home.endpoint(),
    region: 'us-east-1',
    credentials: {
      accessKeyId: env.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? '',
    },
    maxAttempts: 1,
  })
  const fees = { max_fee_per_gas: 2e9, max_priority_fee_per_gas: 1e9 }
  try {
    const { Payload } = await client.send(
      new InvokeCommand({
        FunctionName: name,
        Payload: JSON.stringify({
          ...{ operation: 'sign', amount: '0.1', nonce: 0, ...fees },
          dst_address: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
        }),
      }),
    )
    return JSON.parse(Payload?.transformToString() ?? 'null')
  } catch (error) {
    return { errorType: (error as Error).name }
  } finally {
    client.destroy()
  }
}

/** `keyward sign message` with the stack's key, as a principal. */
async function signMessage(as: string) {
  const env = await home.envOf(as)
  return runCli(['sign', 'message', '--key', keyArn, '--in', '-', '--json'], {
    env,
    input: 'hello',
  })
}

async function aws(as: string, ...args: string[]) {
  const env = await home.envOf(as)
  const endpoint = ['--endpoint-url', home.endpoint()]
  return run('/usr/bin/aws', [...endpoint, ...args], { env })
}

/** What `deploy --rpc-url -` keeps. */
const parameter = `/keyward/${stack}/rpc-url`
async function parameters(): Promise<{ Type: string; Value: string }[]> {
  const { stdout } = await aws(
    ...['operator', 'ssm', 'get-parameters', '--with-decryption'],
    ...['--names', parameter],
  )
  return JSON.parse(stdout).Parameters
}

const setBalance = (wei: string) =>
  fetch(home.rpcUrl(), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      ...{ jsonrpc: '2.0', id: 1, method: 'anvil_setBalance' },
      params: [address, wei],
    }),
  })

test('before it is deployed there is no stack, and every command says so', async () => {
  const others = soak ? ['freeze', 'unfreeze'] : []
  for (const command of ['status', 'destroy', ...others]) {
    const ran = await home.as('operator', command)
    expect({ code: ran.code, stdout: ran.stdout }).toEqual({
      code: 1,
      stdout: refusal('stack-missing'),
    })
    expect(ran.stderr).toContain('docs/errors/stack-missing.md')
  }
})

test('nor is there one for a user who may not ask CloudFormation', async () => {
  for (const command of ['status', 'doctor', 'freeze']) {
    const ran = await home.as('user', command, '--stack', 'none')
    expect({ command, code: ran.code, stdout: ran.stdout }).toEqual({
      ...{ command, code: 1, stdout: refusal('stack-missing') },
    })
    expect(ran.stderr).toContain(
      'There is no stack named "none" in the local home at',
    )
    expect(ran.stderr).toContain(', or you have no permission to see it.')
  }
})

test('doctor --aws: what a deployment would fail on', async () => {
  const doctor = (...args: string[]) =>
    home.as('operator', 'doctor', '--aws', ...args)
  expect(await doctor()).toMatchObject({
    code: 0,
    data: {
      checks: [
        { name: 'clock' },
        { name: 'bootstrap', found: 'version 33, qualifier hnb659fds' },
        { name: 'quota', ok: true },
      ],
    },
  })
  const wrong = await doctor(
    ...['-c', 'bootstrapQualifier=team1', '-c', 'rpcUrl=https://example.com'],
    ...['-c', 'reservedConcurrentExecutions=301'],
    ...['-c', 'administrators=arn:aws:iam::000000000000:role/nobody'],
  )
  expect(wrong.code).toBe(1)
  expect(
    wrong.data.checks.map(({ name, ok }: { name: string; ok?: boolean }) => [
      name,
      ok,
    ]),
  ).toEqual([
    ['clock', true],
    ['bootstrap', false],
    ['quota', false],
    // The home has no IAM to ask.
    ['principal', undefined],
  ])
  expect(wrong.data.checks.at(-1).found).toContain('the local home has no IAM')
})

test('deploy: not by the key user or the administrator', async () => {
  // Half of what a deployment takes, to be refused there: for soak.
  for (const who of soak ? ['user', 'admin'] : []) {
    const ran = await home.as(who, 'deploy')
    expect({ who, code: ran.code, stdout: ran.stdout }).toEqual({
      ...{ who, code: 1, stdout: refusal('aws-refused|cdk-failed') },
    })
    expect(ran.stderr).toMatch(/not authorized to perform|AccessDenied/)
  }
  const roles = 'arn:aws:iam::000000000000:role/cdk-hnb659fds'
  const place = '000000000000-us-east-1'
  const assume = async (who: string) =>
    (await home.clientOf(STSClient, who)).send(
      new AssumeRoleCommand({
        RoleArn: `${roles}-deploy-role-${place}`,
        RoleSessionName: 'refused',
      }),
    )
  for (const who of ['user', 'admin', 'break-glass'])
    await expect(assume(who)).rejects.toThrow(/not authorized to perform/)
  expect(await assume('operator')).toHaveProperty('Credentials')
})

test('doctor --aws: the documented rights are enough', async () => {
  await makeDeployer()
  const { data } = await home.as('ci', 'doctor', '--aws')
  expect(data.checks).toMatchObject([
    { name: 'clock' },
    { name: 'bootstrap', found: 'version 33, qualifier hnb659fds' },
    { name: 'quota', ok: true },
  ])
})

// Of a stack that is there, npm test has a dry run below.
test.runIf(soak)('deploy: a dry run leaves nothing', async () => {
  const ran = await home.as('ci', 'deploy', '--dry-run')
  expect(ran.code).toBe(0)
  expect(ran.data.changes.length).toBeGreaterThan(12)
  expect(ran.stderr).toMatch(/\+ add +AWS::KMS::Key +SigningKey/)
  expect((await home.as('operator', 'status')).stderr).toContain(
    'stack-missing',
  )
})

test('send: a stack without a sender says how to get one, to each as far as they may see', async () => {
  const send = async (who: string, ...args: string[]) => {
    const to = ['--to', `0x${'5a'.repeat(20)}`, '--amount', '0.1']
    const { code, stderr } = await home.as(who, 'send', ...args, ...to)
    expect(code).toBe(1)
    return stderr
  }
  expect(await send('operator', '--stack', 'ci')).toContain(
    'Error: The stack ci does not send transactions.\nTo add the functions that send, run the command below. It asks for the URL of an RPC endpoint and leaves the other settings unchanged.\n  keyward deploy --stack ci --rpc-url -',
  )
  expect(await send('operator', '--stack', 'none')).toContain(
    'Error: There is no stack named "none" in the local home at',
  )
  const args = ['--stack', 'ci', '--caller', 'payouts']
  expect(await send('user', ...args)).toContain(
    'Error: There is no function ci-sender with the alias "payouts".',
  )
})

/** A role that may do what the guide says a deployment needs, and no more. */
async function makeDeployer() {
  const [, json = ''] =
    /```json\n(\{\n {2}"Version"[^`]*DeployAsTheCdk[^`]*)```/.exec(
      readGuide('deploy'),
    ) ?? []
  const PolicyDocument = JSON.parse(
    json
      .replaceAll('123456789012', '000000000000')
      .replaceAll('eu-central-1', 'us-east-1')
      .replaceAll('treasury', stack),
  )
  const client = await home.clientOf(CloudFormationClient, 'operator')
  const Principal = { AWS: 'arn:aws:iam::000000000000:user/operator' }
  const Statement = { Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }
  await client.send(
    new CreateStackCommand({
      StackName: 'ci',
      Capabilities: ['CAPABILITY_NAMED_IAM'],
      TemplateBody: JSON.stringify({
        Resources: {
          Role: {
            Type: 'AWS::IAM::Role',
            Properties: {
              RoleName: 'ci',
              AssumeRolePolicyDocument: { Version: '2012-10-17', Statement },
              Policies: [{ PolicyName: 'deploys', PolicyDocument }],
            },
          },
        },
      }),
    }),
  )
  await waitUntilStackCreateComplete(
    { client, minDelay: 0.1, maxDelay: 1, maxWaitTime: 30 },
    { StackName: 'ci' },
  )
  const sts = await home.clientOf(STSClient, 'operator')
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({
      RoleArn: 'arn:aws:iam::000000000000:role/ci',
      RoleSessionName: 'ci',
    }),
  )
  home.know('ci', {
    ...(await home.envOf('operator')),
    AWS_ACCESS_KEY_ID: Credentials?.AccessKeyId ?? '',
    AWS_SECRET_ACCESS_KEY: Credentials?.SecretAccessKey ?? '',
    AWS_SESSION_TOKEN: Credentials?.SessionToken ?? '',
  })
}

test('deploy: by a role with the documented rights alone, with the address of the fresh key as the pin, and a URL that nobody sees', async () => {
  const args = ['deploy', '--rpc-url', '-', ...atMost, '--json']
  const ran = await runCli(args, {
    env: await home.envOf('ci'),
    input: `${provider.url}\n`,
  })
  expect({ code: ran.code, stderr: ran.stderr }).toMatchObject({ code: 0 })
  const data = JSON.parse(ran.stdout)
  expect(data).toMatchObject({
    ...{ stack, status: 'UPDATE_COMPLETE', functions },
    address: expect.stringMatching(/^0x[0-9a-fA-F]{40}$/),
  })
  address = data.address
  keyArn = data.keyArn
  expect(data.pin).toBe(address)
  expect(ran.stderr).toContain('CREATE_COMPLETE')
  expect(ran.stderr).toContain(`The key's address is ${address}. Pinning it.`)

  const [found] = await parameters()
  expect(found).toMatchObject({ Type: 'SecureString', Value: provider.url })
  const client = await home.clientOf(CloudFormationClient, 'operator')
  const { TemplateBody = '' } = await client.send(
    new GetTemplateCommand({ StackName: stack }),
  )
  expect(TemplateBody).toContain(`parameter${parameter}`)
  for (const text of [ran.stdout, ran.stderr, TemplateBody])
    expect(text).not.toContain(key)
  // The functions find the chain by it.
  const sender = (await home.as('operator', 'doctor')).data.checks.find(
    ({ name }: { name: string }) => name === "sender's RPC",
  )
  expect(sender).toMatchObject({ ok: true })
})

test.runIf(soak)(
  'deploy: another URL replaces the parameter and nothing else',
  async () => {
    const other = `${provider.url},${home.rpcUrl()}`
    const deploy = (...args: string[]) =>
      home.envOf('ci').then((env) =>
        runCli(['deploy', '--rpc-url', '-', '--json', ...args], {
          ...{ env, input: other },
        }),
      )
    const plan = await deploy('--dry-run')
    expect(plan.stderr).toContain('The URL would be stored in the SecureString')
    expect((await parameters())[0]?.Value).toBe(provider.url)
    const ran = await deploy()
    expect(JSON.parse(ran.stdout)).toMatchObject({ changes: [] })
    expect(ran.stderr).toContain('The URL was replaced. Nothing else changed')
    await settle()
    expect((await parameters())[0]?.Value).toBe(other)
  },
)

test('deploy: an endpoint of another chain is refused', async () => {
  const args = ['deploy', '--network', 'sepolia', '--rpc-url', '-', '--json']
  const admin = 'arn:aws:iam::000000000000:user/operator'
  const ran = await runCli([...args, '--dry-run', '--admin', admin], {
    env: await home.envOf('operator'),
    input: provider.url,
  })
  expect(ran).toMatchObject({ code: 1, stdout: refusal('invalid-input') })
  expect(ran.stderr).toContain('serves chain 31337, not chain 11155111.')
  expect(ran.stderr).not.toContain(key)
  // A new list of administrators replaces the old one.
  expect(ran.stderr).toContain('This removes the administrator arn:aws:iam::')
})

test.runIf(soak)('deploy: again changes nothing', async () => {
  // An empty address does not unpin either.
  const again = await home.as('operator', 'deploy', '--address', '')
  expect(again).toMatchObject({
    ...{ code: 0, data: { changes: [], pin: address } },
    stderr: expect.stringContaining(`No changes: ${stack} is up to date.`),
  })
})

test('deploy: settings stay that are not given; a dry run shows the changes and leaves nothing', async () => {
  const args = ['deploy', '--log-level', 'DEBUG', '--dry-run']
  const changed = await home.as('operator', ...args)
  expect(changed).toMatchObject({ code: 0, data: { dryRun: true } })
  // Not the roles that the key's policy names, nor the pin, nor how many run.
  expect(
    new Set(changed.data.changes.map((each: { type: string }) => each.type)),
  ).toEqual(
    new Set([
      'AWS::Lambda::Function',
      'AWS::Lambda::Alias',
      'AWS::Lambda::Version',
    ]),
  )
  expect(changed.stderr).toContain(
    '\n           Environment.Variables.LOG_LEVEL: INFO -> DEBUG\n',
  )
  expect(changed.stderr).not.toMatch(/KEYWARD_ADDRESS|Concurren/)
  const client = await home.clientOf(CloudFormationClient, 'operator')
  const { Summaries = [] } = await client.send(
    new ListChangeSetsCommand({ StackName: stack }),
  )
  expect(
    Summaries.filter((each) => each.ExecutionStatus !== 'EXECUTE_COMPLETE'),
  ).toEqual([])
  const lambda = await home.clientOf(LambdaClient, 'operator')
  const { Environment } = await lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName: functions[0] }),
  )
  expect(Environment?.Variables?.LOG_LEVEL).toBe('INFO')
})

test.runIf(soak)('deploy: a changed setting arrives', async () => {
  const args = ['deploy', '--log-level', 'DEBUG']
  expect(await home.as('operator', ...args)).toMatchObject({ code: 0 })
  const { data } = await home.as('operator', 'deploy')
  expect(data.changes).toEqual([])
})

test.runIf(soak)(
  'deploy: another address than the key has is refused',
  async () => {
    const other = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
    const ran = await home.as('operator', 'deploy', '--address', other)
    expect({ code: ran.code, stdout: ran.stdout }).toEqual({
      code: 1,
      stdout: refusal('address-mismatch'),
    })
    expect(ran.stderr).toContain(
      `Error: The key's address is ${address}, not ${other}.`,
    )
  },
)

test('status: everybody sees what they may, and is told what not', async () => {
  const hidden: Record<string, string[]> = {
    admin: [],
    operator: ['kms:DescribeKey'],
    user: ['cloudformation:DescribeStacks', 'lambda:GetFunctionConcurrency'],
    'break-glass': [
      ...['cloudformation:DescribeStacks'],
      ...['lambda:GetFunctionConfiguration', 'lambda:GetFunctionConcurrency'],
    ],
  }
  for (const [who, lacks] of Object.entries(hidden)) {
    const { code, data } = await home.as(who, 'status')
    expect({ who, code }).toEqual({ who, code: 0 })
    const missing = data.hidden.filter(
      // The user may read a function by Get*; which rights that gives is
      // lambda's affair.
      (each: string) => !lacks.includes(each),
    )
    expect({ who, missing }).toEqual({ who, missing: [] })
  }
  const { data } = await home.as('admin', 'status')
  expect(data).toMatchObject({
    ...{ stack, stackStatus: 'UPDATE_COMPLETE', address, pin: address },
    ...{ pinned: true, network: 'local', frozen: 'no', hidden: [] },
    key: { arn: keyArn, state: 'Enabled', origin: 'AWS_KMS' },
    funds: { network: 'local', chainId: 31337, wei: '0', waiting: '0' },
  })
  expect(data.functions).toMatchObject(
    functions.map((name) => ({
      ...{ name, state: 'Active', pin: address },
      // Who looks after what was sent is one anyway.
      concurrency: strict || name.endsWith('reconciler') ? 'unreserved' : 2,
    })),
  )
})

test('status: as text, and who may do what', async () => {
  const env = await home.envOf('admin')
  const { stdout, code } = await runCli(['status', '--access'], { env })
  expect(code).toBe(0)
  expect(stdout).toContain(`pin      ${address}`)
  expect(stdout).toContain('funds    0 ETH')
  expect(stdout).toMatch(/keyward-dev-admin \(administrator/)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours.
  expect(stdout).not.toMatch(/\u001b/)
  const other = await runCli(['status', '--access', '--json'], {
    env: await home.envOf('user'),
  })
  expect(JSON.parse(other.stdout).access).toBeNull()
})

test('key verify: a function with callers is asked through its alias status', async () => {
  const named = ['--address', address, '--function', functions[0] ?? '']
  const ran = await home.as('operator', 'key', 'verify', ...named)
  expect(ran).toMatchObject({ code: 0, data: { agree: true } })
})

test('what is shown fits 80 columns', async () => {
  const admin = await home.envOf('admin')
  const operator = await home.envOf('operator')
  const to = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
  const nowhere = ['--rpc-url', 'http://127.0.0.1:1']
  const known = [
    ...['--function', functions[0] as string, '--function', functions[3] ?? ''],
  ]
  const wide = [
    ...(await findWide(['status', '--access', ...nowhere], admin)),
    ...(await findWide(['status', ...nowhere], operator)),
    ...(await findWide(['doctor'], admin)),
    ...(await findWide(['access', 'show', '--matrix'], admin)),
    ...(await findWide(['access', 'show', '--matrix'], operator)),
    ...(await findWide(['key', 'list'], admin)),
    ...(await findWide(['key', 'show', '--key', keyArn], admin)),
    ...(await findWide(['key', 'verify', '--key', keyArn, ...known], admin)),
    ...(await findWide(['sweep', '--to', to, '--dry-run'], operator)),
    ...(await findWide(['destroy', '--dry-run'], operator)),
    ...(await findWide(['balance', address], operator)),
    ...(await findWide(['tx', 'list'], operator)),
    ...(await findWide(['tx', 'list'], admin)),
  ]
  expect(wide).toEqual([])
})

test('status: a chain that does not answer is no failure', async () => {
  const env = await home.envOf('admin')
  const args = ['status', '--rpc-url', 'http://127.0.0.1:1']
  const ran = await runCli(args, { env })
  expect(ran.code).toBe(0)
  expect(ran.stdout).toMatch(/funds +not read: .*can't be reached/)
})

test('sign: by the function and by the user, not by the administrator', async () => {
  expect(await invoke('user')).toMatchObject({
    signed_tx_hash: expect.stringMatching(/^0x/),
  })
  expect(await invoke('admin')).toEqual({ errorType: 'AccessDeniedException' })
  expect((await signMessage('user')).code).toBe(0)
  // Whoever is refused is told who they are, and who may.
  for (const as of ['admin', 'operator']) {
    const { stderr } = await signMessage(as)
    expect(stderr).toContain('AccessDenied')
    expect(stderr).toMatch(
      new RegExp(
        `You are using the principal "${as}"\\. In this local home, (?:user has the permission|these principals have the permission: .*\\buser\\b)`,
      ),
    )
  }
  // Not the deployer, whose role only CloudFormation assumes.
  const check = await home.as('operator', 'access', 'check', '--stack', stack)
  expect(check.stderr).toMatch(
    /(?:this principal has|these principals have) the permission: [^.]*\. To switch to admin, run:/,
  )
  expect(check.stderr).not.toContain('cfn-exec')
})

test('freeze: each part for itself; what is left is told, and to whom', async () => {
  const user = await home.as('user', 'freeze')
  expect(user).toMatchObject({ code: 3, data: { complete: false } })
  expect(user.data.steps.every(({ done }: { done: boolean }) => !done)).toBe(
    true,
  )
  expect(await invoke('user')).toHaveProperty('signed_tx_hash')
  const nothing = await runCli(['freeze'], { env: await home.envOf('user') })
  expect(nothing.stdout).toContain(
    '\nkeyward-dev is NOT fully frozen: the remaining parts can still sign.\n',
  )

  // The key alone: enough to stop everything.
  const breakGlass = await home.as('break-glass', 'freeze')
  expect(breakGlass.code).toBe(3)
  expect(breakGlass.data.steps).toMatchObject([
    { part: keyArn, done: true, note: 'disabled' },
    // By their names, since the stack may not be looked into.
    ...guessed.map((part) => ({
      ...{ part, done: false, note: 'not allowed' },
      runAs: expect.stringContaining('lambda:PutFunctionConcurrency'),
    })),
  ])
  expect((await home.as('admin', 'status')).data.frozen).toBe('partly')
  const text = await runCli(['freeze'], {
    env: await home.envOf('break-glass'),
  })
  expect(text.stdout).toContain(
    '\nkeyward-dev is NOT fully frozen: some functions can still run, but no key is enabled, so nothing is signed.\n',
  )

  const admin = await home.as('admin', 'freeze')
  expect(admin).toMatchObject({ code: 0, data: { complete: true } })
  expect(admin.data.steps.map(({ note }: { note: string }) => note)).toEqual([
    'was already disabled',
    ...functions.map((name) =>
      name.endsWith('reconciler')
        ? 'stopped'
        : `stopped${strict ? '' : ' (before: at most 2 at once)'}`,
    ),
  ])
  // Twice is harmless.
  expect((await home.as('admin', 'freeze')).code).toBe(0)
})

test('frozen: nobody signs in any way, and every command says frozen', async () => {
  expect(await invoke('user')).toEqual({
    errorType: 'TooManyRequestsException',
  })
  const signed = await signMessage('user')
  expect(signed.code).toBe(1)
  expect(signed.stderr).toMatch(/DisabledException/)
  const { data } = await home.as('admin', 'status')
  expect(data).toMatchObject({ frozen: 'yes', key: { state: 'Disabled' } })
  const text = await runCli(['status'], { env: await home.envOf('admin') })
  expect(text.stdout).toContain('frozen   FROZEN: nothing is signed')
  const to = ['--to', `0x${'5a'.repeat(20)}`, '--value-wei', '1']
  const sent = await home.as('user', 'send', ...to)
  expect(sent).toMatchObject({
    code: 1,
    data: {
      code: 'stack-frozen',
      error: expect.stringMatching(/^The stack keyward-dev is frozen: /),
    },
  })
  const doctor = await home.as('admin', 'doctor')
  expect(doctor.data.checks).toContainEqual({
    ...{ name: 'frozen', ok: false, found: 'FROZEN: nothing is signed' },
    fix: expect.stringContaining('keyward unfreeze --stack keyward-dev'),
  })
  // A missing permission is no failure of the stack.
  expect(doctor.data.checks).toContainEqual({
    ...{ name: 'sender', fix: expect.stringContaining('alias status') },
    found:
      'not checked: you have no permission (lambda:InvokeFunction on keyward-dev-sender:status)',
  })
})

test('unfreeze: by the administrator alone', async () => {
  const breakGlass = await home.as(
    'break-glass',
    'unfreeze',
    '--concurrency',
    'none',
  )
  expect(breakGlass).toMatchObject({ code: 3, data: { complete: false } })
  const operator = await home.as('operator', 'unfreeze')
  expect(operator.code).toBe(3)
  expect(operator.data.steps[0]).toMatchObject({
    done: false,
    runAs: expect.stringContaining('role/keyward-dev-admin'),
  })
  expect((await signMessage('user')).code).toBe(1)
  // The functions run again, and tell who may not see the key that it is off.
  const seen = await runCli(['status'], { env: await home.envOf('operator') })
  expect(seen.stdout).toMatch(
    /^address .*\(from the pin: the functions report that the key is disabled\)$/m,
  )
  expect(seen.stdout).toMatch(/^frozen +partly: .*nothing is signed/m)
  // Without the template nobody knows how often a function may run at once.
  const blind = await home.as('break-glass', 'unfreeze')
  expect(blind.stderr).toMatch(
    /\nRun the command as an administrator of the key:\n {2}eval "\$\(npx --no-install keyward env --as admin\)"\nAn .* must pass --concurrency with a number or the word none\.\n/,
  )

  const admin = await home.as('admin', 'unfreeze')
  expect(admin).toMatchObject({ code: 0, data: { complete: true } })
  // With the limit that the template has.
  const limit = strict ? 'without a limit' : 'at most 2 at once'
  expect(admin.data.steps[1].note).toBe(`runs, ${limit}`)
  expect(await invoke('user')).toHaveProperty('signed_tx_hash')
  expect((await home.as('admin', 'status')).data.frozen).toBe('no')
})

// The stack `ci` of an earlier test.
test.each([
  ['status'],
  ['freeze'],
  ['unfreeze'],
  ['deploy'],
  ['destroy', '--dry-run'],
  ['destroy'],
])("%s: not for a stack that is not Keyward's", async (...command) => {
  const ran = await home.as('operator', ...command, '--stack', 'ci')
  expect(ran).toMatchObject({
    ...{ code: 1 },
    data: {
      code: 'foreign-stack',
      error: 'The stack ci was not created by Keyward.',
    },
  })
  expect(ran.stderr).not.toContain('Plan for')
})

test('destroy: the plan is told, and nothing done', async () => {
  const ran = await home.as('operator', 'destroy', '--dry-run')
  expect(ran).toMatchObject({ code: 0, data: { dryRun: true, address } })
  expect(ran.data.resources.length).toBeGreaterThan(12)
  expect(ran.data.key).toMatchObject({ arn: keyArn, fate: 'schedule' })
  // The policy's minimum is known before anything is deleted.
  const short = await home.as('operator', 'destroy', '--window-days', '7')
  expect(short.stderr).toContain(
    "--window-days 7 is less than the minimum of 30 days in the key's policy.",
  )
  // The break-glass role can't read the policy, so KMS refuses.
  const args = ['key', 'schedule-deletion', keyArn, '--days', '7']
  expect((await home.as('break-glass', ...args)).stderr).toContain(
    `Run the command without --days: keyward key schedule-deletion ${keyArn}`,
  )
  expect((await invoke('user')).signed_tx_hash).toBeDefined()
})

test('destroy: not while the account holds something, or nobody knows', async () => {
  await setBalance('0x1')
  const rich = await home.as('operator', 'destroy')
  expect(rich.code).toBe(1)
  expect(rich.stderr).toContain(`Error: The account ${address} is not empty.
local: 0.000000000000000001 ETH`)
  expect(rich.stderr).toContain('keyward sweep --stack keyward-dev --to ')
  expect(
    (await home.as('operator', 'destroy', '--dry-run')).data,
  ).toMatchObject({ dryRun: true, refusal: 'funds-remain' })
  await setBalance('0x0')
  for (const args of [
    ['--rpc-url', 'http://127.0.0.1:1'],
    ['--also-network', `polygon=${home.rpcUrl()}`],
    ['--token', '0x00000000000000000000000000000000000070a0'],
  ]) {
    const ran = await home.as('operator', 'destroy', ...args)
    expect(ran.code).toBe(1)
    expect(ran.stderr).toContain('docs/errors/balance-unchecked.md')
  }
  const blind = await home.as(
    ...(['operator', 'destroy', '--dry-run', '--keep-logs'] as const),
    ...['--without-balance-check', '--rpc-url', 'http://127.0.0.1:1'],
  )
  expect(blind).toMatchObject({ code: 0, data: { dryRun: true } })
  type Fate = { type: string; fate: string }
  const logs = blind.data.resources.filter(
    ({ type }: Fate) => type === 'AWS::Logs::LogGroup',
  )
  expect(new Set(logs.map(({ fate }: Fate) => fate))).toEqual(new Set(['stay']))
  const made = await home.as(
    ...(['operator', 'destroy', '--dry-run'] as const),
    ...['--break-glass-profile', 'break-glass', '--delete-imported-material'],
  )
  expect(made.stderr).toContain('KMS generated the key.')
  const unseen = await home.as(
    ...(['operator', 'destroy', '--dry-run'] as const),
    '--delete-imported-material',
  )
  expect(unseen).toMatchObject({ code: 1, data: { code: 'invalid-input' } })
  expect(unseen.stderr).toContain('needs kms:DescribeKey on arn:aws:kms:')
  expect((await home.as('admin', 'status')).data.frozen).toBe('no')
})

test('destroy: not by the administrator, whatever they try', async () => {
  const ran = await home.as(
    'admin',
    'destroy',
    '--break-glass-profile',
    'admin',
  )
  expect(ran.code).not.toBe(0)
  // Nor by the deployer with the administrator's profile.
  const args = ['destroy', '--break-glass-profile', 'admin']
  const lent = await home.as('operator', ...args)
  expect(lent).toMatchObject({ code: 1, data: { code: 'invalid-input' } })
  expect(lent.stderr).toContain(
    'role/keyward-dev-admin, which is not allowed to delete the key of keyward-dev.',
  )
  expect((await home.as('operator', 'status')).data.stackStatus).toBe(
    'UPDATE_COMPLETE',
  )
  await home.as('admin', 'unfreeze')
  expect((await invoke('user')).signed_tx_hash).toBeDefined()
})

test('destroy: without the break-glass role all but the key goes', async () => {
  const ran = await home.as('operator', 'destroy')
  expect(ran).toMatchObject({ code: 3, data: { complete: false } })
  expect(ran.data.steps[0]).toMatchObject({ part: keyArn, done: false })
  expect(
    ran.data.steps.slice(1).every(({ done }: { done: boolean }) => done),
  ).toBe(true)
  expect(ran.data.stillCosts.join()).toContain(keyArn)
  expect(await invoke('user')).toEqual({
    errorType: 'ResourceNotFoundException',
  })
  expect((await signMessage('user')).code).toBe(0)
  await settle()
  const client = await home.clientOf(CloudWatchLogsClient, 'operator')
  const { logGroups } = await client.send(new DescribeLogGroupsCommand({}))
  expect(logGroups).toEqual([])
  expect(await parameters()).toEqual([])
})

test('destroy: again with it, and the key goes; once more is harmless', async () => {
  const args = ['destroy', '--break-glass-profile', 'break-glass']
  const ran = await home.as('operator', ...args)
  expect(ran).toMatchObject({
    ...{ code: 0 },
    data: {
      ...{ complete: true, keyState: 'PendingDeletion' },
      stillCosts: [expect.stringMatching(/\(AWS::DynamoDB::GlobalTable\)$/)],
    },
  })
  const days = (Date.parse(ran.data.cancelUntil) - Date.now()) / 86_400_000
  expect(days).toBeGreaterThan(29)
  expect(days).toBeLessThan(31)
  const again = await home.as('operator', ...args)
  expect(again).toMatchObject({
    ...{ code: 0, data: { complete: true, cancelUntil: ran.data.cancelUntil } },
  })
  expect(again.stderr).toMatch(/^ {2}gone {4}\d+ resources: /m)
  expect(again.stderr).not.toMatch(/^ {2}gone {4}[A-Z]/m)
  expect(again.stderr).not.toMatch(/^ {2}(?:remove +Logs|DELETE)/m)
  expect(again.stderr).toMatch(
    /^ {2}pending KMS::Key {2}\S+ {2}\(will be deleted on \d{4}-\d\d-\d\d\)$/m,
  )
  const all = await home.as('operator', ...args, '--verbose')
  expect(all.stderr).toMatch(/^ {2}gone {4}IAM::Role /m)
  expect((await signMessage('user')).code).toBe(1)
})

test('the deletion is cancelled by the administrator, not by the user', async () => {
  const cancel = ['key', 'cancel-deletion', '--key', keyArn]
  expect((await home.as('user', ...cancel)).code).toBe(1)
  expect((await home.as('operator', ...cancel)).code).toBe(1)
  expect((await home.as('admin', ...cancel)).code).toBe(0)
  expect((await signMessage('user')).code).toBe(1)
  const admin = await home.clientOf(KMSClient, 'admin')
  await admin.send(new EnableKeyCommand({ KeyId: keyArn }))
})

test.runIf(soak)(
  'the key is adopted by a stack of functions, and signs as before',
  async () => {
    const wrong = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
    const args = ['deploy', '--existing-key-arn', keyArn, '--address']
    // The operator may not ask KMS, so the functions find out.
    const ran = await home.as('operator', ...args, address)
    expect(ran).toMatchObject({ code: 0, data: { keyArn, pin: address } })
    const signed = await invoke('user')
    const verified = await runCli(
      ['verify', '--address', address, '--in', '-', '--json'],
      { input: signed.signed_tx_payload },
    )
    expect(JSON.parse(verified.stdout)).toEqual({ valid: true, address })
    expect((await home.as('admin', 'status')).data).toMatchObject({
      ...{ address, pin: address, key: { arn: keyArn, ownedByStack: false } },
    })
    const mistaken = await home.as('operator', ...args, wrong)
    expect(mistaken.code).toBe(1)
  },
)

test.runIf(soak)('destroying that stack leaves the key alone', async () => {
  await setBalance('0x1')
  const ran = await home.as(
    'operator',
    ...['destroy', '--break-glass-profile', 'break-glass'],
  )
  expect(ran).toMatchObject({
    ...{ code: 0, data: { complete: true, key: { fate: 'keep' } } },
  })
  expect((await signMessage('user')).code).toBe(0)
})

test.runIf(soak)(
  'the commands that destroy prints remove what still costs money',
  async () => {
    const { data } = await home.as('operator', 'destroy')
    // This deployment's ledger first, then what earlier ones left.
    const tables = (data.removeBy as string[]).flatMap(
      (command) => /delete-table --table-name (\S+)/.exec(command)?.[1] ?? [],
    )
    expect(data.removeBy).toEqual(
      tables.flatMap((table) => [
        `aws --endpoint-url "$AWS_ENDPOINT_URL" dynamodb update-table --table-name ${table} --no-deletion-protection-enabled`,
        `aws --endpoint-url "$AWS_ENDPOINT_URL" dynamodb delete-table --table-name ${table}`,
      ]),
    )
    const [table] = tables
    expect(table).toMatch(/^keyward-dev-SenderLedger/)
    // By the SDK: Debian's aws is older than that flag.
    const client = await home.clientOf(DynamoDBClient, 'operator')
    const remove = () =>
      client.send(new DeleteTableCommand({ TableName: table }))
    await expect(remove()).rejects.toThrow(/deletion protection/i)
    await client.send(
      new UpdateTableCommand({
        TableName: table,
        DeletionProtectionEnabled: false,
      }),
    )
    await remove()
  },
)

test('each call on the way is one that AWS would read, each answer one it gives', () => {
  const { operations, violations } = findViolations(home.calls())
  expect(violations).toEqual([])
  expect(operations).toEqual(
    expect.arrayContaining(['cloudformation:ExecuteChangeSet', 's3:PutObject']),
  )
})

test('the profiles are for their owner only', async () => {
  const path = join(home.dataDir, 'profiles')
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(readFileSync(path, 'utf8')).toMatch(/^\[operator\]\n/)
})
