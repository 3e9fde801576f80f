import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CfnGuardValidator } from '@cdklabs/cdk-validator-cfnguard'
import { App, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks } from 'cdk-nag'
import { afterAll, expect } from 'vitest'
import { KeywardStack } from '../../packages/cdk/src/index.js'

const folder = mkdtempSync(join(tmpdir(), 'keyward-nag-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`

/** Of a stack with most of what it may have. */
export function findViolations(
  name: string,
  change: (stack: KeywardStack) => void,
): string[] {
  return findViolationsOf(name, (app) => change(createStack(app)))
}

function createStack(app: App): KeywardStack {
  return new KeywardStack(app, 'treasury', {
    network: 'sepolia',
    administrators: [role('admin')],
    breakGlass: [role('break-glass')],
    invokers: { payouts: role('payouts') },
    alarmTopicArn: 'arn:aws:sns:eu-central-1:123456789012:alarms',
    rpcUrl: 'arn:aws:ssm:eu-central-1:123456789012:parameter/rpc',
    rpcAuth: 'sigv4',
    webhookUrl: 'https://example.com/hook',
    webhookSecretArn:
      'arn:aws:secretsmanager:eu-central-1:123456789012:secret:hook-AbCdEf',
  })
}

/** The rules that were broken. A plugin's own conclusion is not to be trusted. */
export function findViolationsOf(
  name: string,
  create: (app: App) => void,
): string[] {
  const outdir = join(folder, name)
  process.env.CDK_VALIDATION = 'true'
  const app = new App({ outdir })
  create(app)
  Validations.of(app).addPlugins(
    new AwsSolutionsChecks(app) as never,
    new CfnGuardValidator() as never,
  )
  try {
    app.synth()
  } catch (error) {
    expect(String(error)).toMatch(/Validation ?failed/i)
  }
  const path = join(outdir, 'validation-report.json')
  const { pluginReports } = JSON.parse(readFileSync(path, 'utf8')) as {
    pluginReports: { violations: { ruleName: string }[] }[]
  }
  return pluginReports
    .flatMap(({ violations }) => violations.map(({ ruleName }) => ruleName))
    .sort()
}
