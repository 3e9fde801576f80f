import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { run } from '../support/runCli.js'
import { synthesize } from '../support/synthesize.js'
import { toolPath } from '../support/tools.js'

// The template, as somebody else's CloudFormation reads it: moto, where the
// machine has it (pip install 'moto[server]'). It is no judge of what AWS takes,
// but it was written without a look at ours.

const moto = 'moto_server'
const isMissing = spawnSync(moto, ['--help']).status !== 0
if (isMissing)
  console.error(
    '\n*** moto_server is not installed: its tests are left out. ***',
  )

const account = '123456789012'
const role = (name: string) => `arn:aws:iam::${account}:role/${name}`
const folder = mkdtempSync(join(tmpdir(), 'keyward moto '))
let server: ChildProcess | undefined
let endpoint = ''
let said = ''

async function aws<answer>(...args: string[]): Promise<answer> {
  const { code, stdout, stderr } = await run(
    toolPath('aws'),
    ['--endpoint-url', endpoint, '--output', 'json', ...args],
    {
      env: {
        ...{ HOME: folder, AWS_DEFAULT_REGION: 'us-east-1' },
        ...{ AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' },
      },
    },
  )
  if (code !== 0) throw new Error(stderr)
  return JSON.parse(stdout || 'null') as answer
}

type Template = { Resources: Record<string, Resource> }
// biome-ignore lint/suspicious/noExplicitAny: a template has any shape.
type Resource = { Type: string; Properties: any }

/** Has moto create a stack of these settings, with all of its assets. */
async function create(stackName: string, settings: Record<string, unknown>) {
  const directory = await synthesize(join(folder, stackName), {
    ...{ stackName, network: 'sepolia', administrators: role('admin') },
    ...settings,
  })
  const path = join(directory, `${stackName}.template.json`)
  const template = JSON.parse(readFileSync(path, 'utf8')) as Template
  const code = join(folder, 'code.zip')
  // An empty archive; nothing is invoked.
  writeFileSync(code, Buffer.from(`504b0506${'00'.repeat(18)}`, 'hex'))
  for (const { Type, Properties } of Object.values(template.Resources))
    if (Type === 'AWS::Lambda::Function')
      await aws(
        ...['s3api', 'put-object', '--bucket', bucket, '--body', code],
        ...['--key', Properties.Code.S3Key],
      )
  await aws(
    ...['cloudformation', 'create-stack', '--stack-name', stackName],
    ...['--template-body', `file://${path}`],
    ...['--capabilities', 'CAPABILITY_NAMED_IAM'],
  )
  return template
}

const bucket = `cdk-hnb659fds-assets-${account}-us-east-1`

beforeAll(async () => {
  if (isMissing) return
  const probe = createServer().listen(0)
  const { port } = probe.address() as { port: number }
  await new Promise((resolve) => probe.close(resolve))
  endpoint = `http://127.0.0.1:${port}`
  server = spawn(moto, ['-p', String(port)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  for (const stream of [server.stdout, server.stderr])
    stream?.on('data', (chunk) => {
      said += chunk
    })
  for (let tries = 0; tries < 100 && !said.includes('Running on'); tries++)
    await sleep(200)
  await aws('s3api', 'create-bucket', '--bucket', bucket)
}, 60_000)
afterAll(() => {
  server?.kill()
  rmSync(folder, { recursive: true, force: true })
})

/** Types that moto passes over, since its server started. */
const passedOver = () =>
  [
    ...new Set(
      [...said.matchAll(/Tried to parse (\S+)/g)].map(([, one]) => one),
    ),
  ].sort()

describe.skipIf(isMissing)('the signers alone', () => {
  let template: Template
  beforeAll(async () => {
    template = await create('signers', { sender: 'false' })
  }, 120_000)

  test('are created, with all that moto knows', async () => {
    const { Stacks } = await aws<{ Stacks: { StackStatus: string }[] }>(
      ...['cloudformation', 'describe-stacks', '--stack-name', 'signers'],
    )
    expect(Stacks[0]?.StackStatus).toBe('CREATE_COMPLETE')
    expect(passedOver()).toEqual([
      'AWS::Lambda::Alias',
      'AWS::Lambda::EventInvokeConfig',
    ])
  })

  test('have the key with the policy that the template writes', async () => {
    // Its DescribeKey fails for every key of a template that has a policy.
    const { Aliases } = await aws<{
      Aliases: { AliasName: string; TargetKeyId: string }[]
    }>('kms', 'list-aliases')
    const id = Aliases.find(({ AliasName }) => AliasName === 'alias/signers')
    const { Policy } = await aws<{ Policy: unknown }>(
      ...['kms', 'get-key-policy', '--policy-name', 'default'],
      ...['--key-id', id?.TargetKeyId ?? ''],
    )
    const policy = typeof Policy === 'string' ? JSON.parse(Policy) : Policy
    const written = Object.values(template.Resources).find(
      ({ Type }) => Type === 'AWS::KMS::Key',
    )?.Properties.KeyPolicy
    expect(policy).toEqual(resolve(written, template))
  })

  test('have roles that sign with that key alone, and functions that know it', async () => {
    for (const name of ['signers-eip1559-signer', 'signers-legacy-signer']) {
      const { PolicyNames } = await aws<{ PolicyNames: string[] }>(
        ...['iam', 'list-role-policies', '--role-name', name],
      )
      const { PolicyDocument } = await aws<{
        PolicyDocument: { Statement: { Sid: string; Resource: unknown }[] }
      }>(
        ...['iam', 'get-role-policy', '--role-name', name],
        ...['--policy-name', PolicyNames[0] ?? ''],
      )
      const { Configuration } = await aws<{
        Configuration: { Environment: { Variables: Record<string, string> } }
      }>('lambda', 'get-function', '--function-name', name)
      const { KMS_KEY_ID } = Configuration.Environment.Variables
      expect(KMS_KEY_ID).toMatch(/^arn:aws:kms:us-east-1:\d{12}:key\//)
      const sign = PolicyDocument.Statement.find(({ Sid }) => Sid === 'Sign')
      expect(sign?.Resource).toBe(KMS_KEY_ID)
    }
  })
})

test.skipIf(isMissing)(
  'with the sender it lacks the ledger, and what a table of that type needs',
  async () => {
    const settings = { rpcUrl: 'https://rpc.example.org' }
    await expect(create('sending', settings)).rejects.toThrow(
      /Fn::GetAtt references undefined resource SenderLedger/,
    )
    expect(passedOver()).toEqual([
      'AWS::DynamoDB::GlobalTable',
      'AWS::Lambda::Alias',
      'AWS::Lambda::EventInvokeConfig',
      'AWS::SQS::QueuePolicy',
    ])
  },
  120_000,
)

const pseudo: Record<string, string> = {
  ...{ Partition: 'aws', AccountId: account, Region: 'us-east-1' },
}

/** As CloudFormation fills it in. */
function resolve(value: unknown, { Resources }: Template): unknown {
  if (Array.isArray(value))
    return value.map((one) => resolve(one, { Resources }))
  if (typeof value !== 'object' || value === null) return value
  const { 'Fn::Sub': text, 'Fn::GetAtt': attribute } = value as {
    'Fn::Sub'?: string
    'Fn::GetAtt'?: [string, string]
  }
  if (text !== undefined)
    return text.replace(/\$\{AWS::(\w+)\}/g, (_, name) => pseudo[name] ?? '')
  if (attribute !== undefined)
    return role(Resources[attribute[0]]?.Properties.RoleName)
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name,
      resolve(one, { Resources }),
    ]),
  )
}
