import { randomBytes } from 'node:crypto'
import { BaseError, maskHex } from '@keyward/core/errors'
import type { AwsConnection } from '../aws/connectAws.js'
import { runProgram } from './runProgram.js'
import type { Assembly } from './synthesize.js'

/**
 * Has the CDK CLI publish the bundles and create a change set, which doesn't
 * change anything yet.
 *
 * @returns The name of the change set. If nothing changes, no such change set
 * exists.
 * @throws BootstrapMissingError, CdkFailedError
 */
export async function prepareChangeSet(
  connection: AwsConnection,
  cdk: string,
  stack: string,
  { directory }: Assembly,
): Promise<string> {
  // A unique name: otherwise a second deployment would delete this change set.
  const name = `keyward-${randomBytes(6).toString('hex')}`
  const { code, output } = await runProgram(
    cdk,
    [
      ...['deploy', stack, '--app', directory],
      ...['--method', 'prepare-change-set', '--change-set-name', name],
      ...['--require-approval', 'never', '--no-color', '--no-notices'],
      ...['--no-version-reporting', '--progress', 'events'],
    ],
    { cwd: directory, env: environmentFor(connection) },
  )
  if (code === 0) return name
  const { account, region } = connection
  if (
    /bootstrap/i.test(output) &&
    /not found|hasn't been|please run/i.test(output)
  )
    throw new BootstrapMissingError(account, region)
  throw new CdkFailedError(output)
}

// The CDK finds credentials as we do. The account and Region are the ones that
// we found.
function environmentFor({ target, region }: AwsConnection): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    CDK_DISABLE_CLI_TELEMETRY: 'true',
  }
  if (target.kind === 'aws') return env
  for (const name of Object.keys(env))
    if (name.startsWith('AWS_ENDPOINT_URL')) delete env[name]
  return { ...env, AWS_ENDPOINT_URL: target.endpoint }
}

/** The account isn't bootstrapped, so the CDK can't deploy to it. */
export class BootstrapMissingError extends BaseError {
  override readonly name = 'BootstrapMissingError'

  constructor(account: string, region: string) {
    super(
      'bootstrap-missing',
      `The AWS account ${account} is not bootstrapped for the CDK in ${region}.`,
      {
        details: `Run this once for each AWS account and Region: npx --no-install cdk bootstrap aws://${account}/${region}`,
      },
    )
  }
}

/** The CDK CLI failed. The error contains the CLI's own message. */
export class CdkFailedError extends BaseError {
  override readonly name = 'CdkFailedError'

  constructor(output: string) {
    super('cdk-failed', 'The CDK could not prepare the change set.', {
      details: `Its output ends with:\n${maskHex(output.trim().split('\n').slice(-20).join('\n'))}`,
    })
  }
}
