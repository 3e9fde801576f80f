import { join } from 'node:path'
import { type Ran, root, run } from './runCli.js'

const bin = join(root, 'node_modules', 'aws-cdk', 'bin', 'cdk')

/**
 * Runs the CDK's own command line to its end. It looks for news and sends what
 * it did to nobody.
 *
 * @param env - What `keyward env` gives.
 */
export function runCdk(
  args: readonly string[],
  options: { env: Record<string, string>; folder: string },
): Promise<Ran> {
  const quiet = ['--no-notices', '--no-color', '--no-version-reporting']
  return run(process.execPath, [bin, ...args, ...quiet], {
    cwd: options.folder,
    env: {
      ...options.env,
      // Where it keeps what it remembers.
      HOME: options.folder,
      CI: '',
      CDK_VALIDATION: 'false',
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
  })
}
