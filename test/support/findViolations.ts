import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { CfnGuardValidator } from '@cdklabs/cdk-validator-cfnguard'
import { App, CfnResource, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks } from 'cdk-nag'
import { afterAll, expect } from 'vitest'
import { KeywardStack } from '../../packages/cdk/src/index.js'
import { soak } from './tools.js'

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

const guard = createRequire(import.meta.url).resolve(
  '@cdklabs/cdk-validator-cfnguard/package.json',
)
const guardRules = join(dirname(guard), 'rules', 'control-tower', 'cfn-guard')

/** Those that name a type of resource of the app; others find nothing there. */
function findRules(app: App): string[] {
  const types = app.node
    .findAll()
    .filter((each) => CfnResource.isCfnResource(each))
    .map(({ cfnResourceType }) => cfnResourceType)
  const rules = readdirSync(guardRules, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.guard'))
    .map((file) => join(guardRules, file))
    .filter((file) => {
      const text = readFileSync(file, 'utf8')
      return types.some((type) => new RegExp(`${type}\\b`).test(text))
    })
  expect(rules.length).toBeGreaterThan(10)
  return rules
}

/**
 * The rules that were broken. A plugin's own conclusion is not to be trusted.
 * Half a minute's CPU time with all rules and the CDK's own validation, which
 * are for soak.
 */
export function findViolationsOf(
  name: string,
  create: (app: App) => void,
): string[] {
  const outdir = join(folder, name)
  process.env.CDK_VALIDATION = String(soak)
  const app = new App({ outdir })
  create(app)
  Validations.of(app).addPlugins(
    new AwsSolutionsChecks(app) as never,
    new CfnGuardValidator(
      soak ? {} : { controlTowerRulesEnabled: false, rules: findRules(app) },
    ) as never,
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
