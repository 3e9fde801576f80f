import {
  type AwsClient,
  type AwsService,
  createAwsClient,
  isLoopback,
} from '@keyward/core/aws'
import { InputError } from '@keyward/core/errors'
import type { AwsConnection } from '../aws/connectAws.js'
import { partitionOf } from '../aws/partitionOf.js'
import { isMissing } from '../aws/peek.js'
import { splitUrls } from '../node/rpcUrls.js'

/** The chain endpoint of a sending stack, as given. */
export type RpcEndpoint =
  /**
   * URLs without an API key, or the ARN of a secret or parameter that contains
   * the URLs.
   */
  | { kind: 'setting'; value: string }
  /** URLs that must be stored in a SecureString parameter. */
  | { kind: 'secret'; urls: string }

/**
 * Reads an argument: an ARN, or URLs without an API key.
 *
 * @throws InputError, RpcConfigurationError
 */
export async function fromArgument(
  text: string,
  flag: string,
): Promise<RpcEndpoint> {
  const { rpcSettings } = await import('@keyward/cdk/settings')
  if (!text.startsWith('arn:') && text !== '') {
    splitUrls(text)
    await assertKeyless(text, flag)
  } else if (text !== '')
    try {
      rpcSettings(text, undefined)
    } catch (error) {
      throw new InputError(
        `${flag}: ${(error as Error).message.replace(/^rpcUrl: /, '')}`,
      )
    }
  return { kind: 'setting', value: text }
}

/**
 * Refuses URLs that seem to contain a provider's API key, which would end up in
 * the template, the process list and the shell history. Loopback URLs contain
 * no key.
 *
 * @throws InputError
 */
export async function assertKeyless(urls: string, flag: string): Promise<void> {
  if (urls.startsWith('arn:')) return
  const { rpcSettings } = await import('@keyward/cdk/settings')
  const isKeyed = urls
    .split(/[\s,]+/)
    .filter((url) => !URL.canParse(url) || !isLoopback(new URL(url).hostname))
    .some((url) => rpcSettings(url, undefined).holdsKey)
  if (!isKeyed) return
  throw new InputError(`${flag}: the URL seems to contain an API key.`, {
    details:
      (flag.startsWith('--settings ')
        ? "The setting would be visible in the stack's template. "
        : "Arguments are visible in the process list and the shell's history, and this one would also be visible in the stack's template. ") +
      // The command can store only this setting.
      (/(--| )rpc-?url$/i.test(flag)
        ? 'Pass --rpc-url - and type or pipe the URL: keyward deploy stores it as a SecureString parameter. Or pass the ARN of a secret or parameter that contains it.'
        : 'Pass the ARN of a secret or parameter that contains the URL.'),
  })
}

/**
 * Checks URLs that come from standard input or a hidden prompt.
 *
 * @throws RpcConfigurationError, InputError; neither repeats the URL
 */
export function fromSecret(text: string): RpcEndpoint {
  const urls = text.trim()
  if (splitUrls(urls) === undefined)
    throw new InputError('--rpc-url -: no URL was given.', {
      details:
        'Type or pipe the URL of an RPC endpoint, such as https://rpc.example.com.',
    })
  return { kind: 'secret', urls }
}

/** The URLs, or undefined if only AWS has them. */
export function urlsOf(endpoint: RpcEndpoint): readonly string[] | undefined {
  if (endpoint.kind === 'secret') return splitUrls(endpoint.urls)
  return endpoint.value.startsWith('arn:')
    ? undefined
    : splitUrls(endpoint.value)
}

/** Name of the SecureString parameter that `deploy` keeps for a stack. */
export function parameterName(stack: string): string {
  return `/keyward/${stack}/rpc-url`
}

/** The value that stands in for the URL in the stack's settings. */
export function parameterArn(
  { account, region }: Pick<AwsConnection, 'account' | 'region'>,
  stack: string,
): string {
  return `arn:${partitionOf(region)}:ssm:${region}:${account}:parameter${parameterName(stack)}`
}

/**
 * Stores the URLs in the stack's SecureString parameter. Calls
 * ssm:PutParameter.
 *
 * @throws the same errors as the SDK
 */
export async function keep(
  connection: AwsConnection,
  stack: string,
  urls: string,
): Promise<void> {
  await connect(connection).call('PutParameter', {
    Name: parameterName(stack),
    Description: `RPC endpoint of the stack ${stack}`,
    Type: 'SecureString',
    Value: urls,
    Overwrite: true,
  })
}

/** Deletes the parameter. Calls ssm:DeleteParameter. */
export async function forget(
  connection: AwsConnection,
  stack: string,
): Promise<'deleted' | 'missing'> {
  try {
    await connect(connection).call('DeleteParameter', {
      Name: parameterName(stack),
    })
    return 'deleted'
  } catch (error) {
    if (isMissing(error)) return 'missing'
    throw error
  }
}

// Uses the lean client, so that the SDK's SSM client doesn't have to be
// installed for two calls.
function connect({ kms, region, target }: AwsConnection): AwsClient {
  return createAwsClient(service, {
    region,
    credentials: () => kms.config.credentials(),
    ...(target.kind === 'local' && { endpoint: target.endpoint }),
  })
}

const service: AwsService = {
  name: 'ssm',
  title: 'SSM',
  targetPrefix: 'AmazonSSM',
  contentType: 'application/x-amz-json-1.1',
  maxAnswerBytes: 64 * 1024,
  transientCodes: new Set(['ThrottlingException', 'TooManyUpdates']),
  // This error has the shape of the SDK's errors, so the same code can read it.
  errors: {
    refused: (_, { awsCode, text, status }) =>
      Object.assign(new Error(text), {
        name: awsCode,
        $metadata: { httpStatusCode: status },
      }),
    unreachable: (_, cause) => cause,
    timeout: (host, timeoutMs) =>
      Object.assign(new Error(`${host}: no answer in ${timeoutMs} ms`), {
        code: 'ETIMEDOUT',
      }),
    damaged: (operation, reason) => new Error(`SSM, ${operation}: ${reason}`),
    configuration: (reason) => new InputError(`SSM: ${reason}.`),
  },
}
