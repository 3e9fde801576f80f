import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureSynthesized } from '../../../scripts/synth.mjs'
import { synthesizeEverything } from '../../../test/support/runCdkApp.js'

const folder = mkdtempSync(join(tmpdir(), 'keyward-cdk-'))
beforeAll(() => ensureSynthesized())
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('the CDK runs the app with settings', async () => {
  await synthesizeEverything(folder)
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
