import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findTool } from '../../../scripts/setup/tools.mjs'
import { assembly, ensureSynthesized } from '../../../scripts/synth.mjs'
import { runCdkApp } from '../../../test/support/runCdkApp.js'
import { soak } from '../../../test/support/tools.js'

const run = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), 'keyward-cdk-'))
const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`
// All that the app can make, in one stack.
const everything = {
  stackName: 'treasury',
  network: 'sepolia',
  administrators: role('admin'),
  users: role('user'),
  importers: role('importer'),
  breakGlass: role('break-glass'),
  origin: 'EXTERNAL',
  address: `0x${'ab'.repeat(20)}`,
  invokers: `payouts=${role('payouts')},bridge=${role('bridge')}`,
  alarmTopicArn: 'arn:aws:sns:us-east-1:123456789012:alarms',
  managedBlockchain: 'true',
  rpcUrl: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:rpc-AbCdEf',
  rpcAuth: 'sigv4',
  ledgerWriters: role('batch'),
  maxFeeGwei: '150',
  confirmations: '24',
  webhookUrl: 'https://example.com/hook',
  webhookSecretArn: 'arn:aws:ssm:us-east-1:123456789012:parameter/hook',
}

beforeAll(() => ensureSynthesized())
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('the CDK runs the app with settings', async () => {
  const settings = Object.entries(everything).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ])
  await runCdkApp(folder, 'synth', '--quiet', '--output', folder, ...settings)
  const path = join(folder, 'treasury.template.json')
  const { Resources } = JSON.parse(readFileSync(path, 'utf8')) as {
    Resources: Record<string, { Type: string }>
  }
  const counts: Record<string, number> = {}
  for (const { Type } of Object.values(Resources))
    counts[Type] = (counts[Type] ?? 0) + 1
  expect(counts).toEqual({
    'AWS::CloudWatch::Alarm': 7,
    'AWS::DynamoDB::GlobalTable': 1,
    'AWS::Events::Rule': 14,
    'AWS::IAM::Policy': 4,
    'AWS::IAM::Role': 4,
    'AWS::KMS::Alias': 1,
    'AWS::KMS::Key': 1,
    'AWS::Lambda::Alias': 12,
    'AWS::Lambda::EventInvokeConfig': 12,
    'AWS::Lambda::Function': 4,
    'AWS::Lambda::Permission': 8,
    'AWS::Lambda::Version': 4,
    'AWS::Logs::LogGroup': 4,
    'AWS::ManagedBlockchain::Accessor': 1,
    'AWS::SQS::Queue': 1,
    'AWS::SQS::QueuePolicy': 1,
  })
})

test('cfn-lint finds nothing but W3005', async () => {
  const cfnLint = findTool('cfn-lint')
  if (cfnLint === undefined) {
    process.stderr.write(
      '\n*** cfn-lint is not installed: this run says nothing about what it would find. pip install cfn-lint ***\n\n',
    )
    return
  }
  // The second has all that is in the first.
  const templates = [
    ...(soak ? [join(assembly, 'keyward-dev.template.json')] : []),
    join(folder, 'treasury.template.json'),
  ]
  // W3005: a DependsOn that a GetAtt already implies, which CDK writes.
  const { stdout } = await run(
    cfnLint,
    ['--ignore-checks', 'W3005', '--'].concat(templates),
  )
  expect(stdout).toBe('')
})
