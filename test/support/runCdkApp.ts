import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

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
