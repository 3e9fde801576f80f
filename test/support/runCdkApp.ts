import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { synthesize } from './synthesize.js'
import { soak } from './tools.js'

const run = promisify(execFile)
const cdk = fileURLToPath(
  new URL('../../node_modules/aws-cdk/bin/cdk', import.meta.url),
)

/**
 * The CDK's own command line at Keyward's app, as a stranger to this machine's
 * accounts.
 */
export const runCdkApp = (home: string, ...argv: string[]) =>
  run(process.execPath, [cdk, ...argv, '--no-notices'], {
    cwd: fileURLToPath(new URL('../../packages/cdk', import.meta.url)),
    env: {
      PATH: process.env.PATH,
      HOME: home,
      CI: '1',
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      CDK_VALIDATION: 'false',
      AWS_EC2_METADATA_DISABLED: 'true',
    },
  })

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

/**
 * The stack `treasury` of all that the app can make, in this folder. The CDK's
 * command line, whose start takes seconds, has its turn in soak; it hands the
 * same strings to the app.
 */
export async function synthesizeEverything(folder: string): Promise<void> {
  if (!soak) {
    await synthesize(folder, everything)
    return
  }
  const settings = Object.entries(everything).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ])
  await runCdkApp(folder, 'synth', '--quiet', '--output', folder, ...settings)
}
