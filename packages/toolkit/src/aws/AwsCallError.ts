import { BaseError, isDescribed, maskHex } from '@keyward/core/errors'
import { adviceOn } from './adviceOn.js'
import { adviceAtHome } from './allowedAtHome.js'

/** A call to AWS was refused, or never reached AWS. */
export class AwsCallError extends BaseError {
  override readonly name = 'AwsCallError'

  /**
   * Returns Keyward's own errors unchanged, and turns an SDK error into a
   * sentence.
   */
  static from(error: unknown): Error {
    if (isDescribed(error)) return error
    const { name, message, code, $metadata } = error as SdkError
    const status = $metadata?.httpStatusCode
    const options = (details: string) => ({ details, cause: error })
    if (name === 'CredentialsProviderError')
      return new AwsCallError(
        'missing-credentials',
        'No AWS credentials were found.',
        options(
          `The AWS SDK says: ${sentence(message)}\nSet a profile ` +
            '(AWS_PROFILE) or sign in with aws sso login. For the local ' +
            'home: eval "$(npx --no-install keyward env)".',
        ),
      )
    if (/region is missing/i.test(message ?? ''))
      return new AwsCallError(
        'missing-region',
        'No AWS Region is set.',
        options(
          "Set AWS_REGION or a Region in the profile, or pass the key's ARN. " +
            'For the local home: eval "$(npx --no-install keyward env)".',
        ),
      )
    if (code === 'ERR_INVALID_URL')
      return new AwsCallError(
        'insecure-endpoint',
        'The AWS endpoint is not a URL.',
        options('Correct or unset AWS_ENDPOINT_URL and AWS_ENDPOINT_URL_KMS.'),
      )
    // The SDK gives no other name to an answer that it could not parse.
    if (status !== undefined && name === 'Error')
      return new AwsCallError(
        'aws-refused',
        `The response from AWS can't be read (HTTP status ${status}).`,
        options(
          `The AWS SDK says: ${sentence(message?.split('\n')[0])}\nCheck that ` +
            'the network and AWS_ENDPOINT_URL lead to AWS.',
        ),
      )
    if (status !== undefined)
      return new AwsCallError(
        'aws-refused',
        `AWS returned ${name ?? 'an error'}.`,
        options(
          [textOf(message) || `AWS gave no reason (HTTP status ${status}).`]
            .concat(adviceAtHome(error) ?? adviceOn(name) ?? [])
            .join('\n'),
        ),
      )
    if (code !== undefined && unreachable.has(code))
      return new AwsCallError(
        'aws-unreachable',
        `AWS can't be reached${placeOf(error)} (${code}).`,
        options(
          code === 'ECONNREFUSED'
            ? 'Nothing is listening there. To use the local home, start it: ' +
                'npx --no-install keyward local. To use AWS, unset ' +
                'AWS_ENDPOINT_URL.'
            : 'Check the network, AWS_REGION and AWS_ENDPOINT_URL.',
        ),
      )
    return error instanceof Error ? error : new Error(String(error))
  }
}

/** The connection's address as Node reports it: ` at 127.0.0.1:4566`. */
function placeOf(error: unknown): string {
  // Node tries each address of a name and reports an error for each.
  const { errors: [first] = [] } = error as { errors?: unknown[] }
  const { address, port, hostname } = (first ?? error) as NetworkError
  const place = address === undefined ? hostname : `${address}:${port}`
  return place === undefined ? '' : ` at ${place}`
}

type NetworkError = { address?: string; port?: number; hostname?: string }

/** AWS's text; empty if there was none. */
export function textOf(message = ''): string {
  // The SDK's placeholder.
  return message === 'UnknownError' ? '' : maskHex(message)
}

/** Puts the message on one line. It may quote a program's output or a file. */
function sentence(message = ''): string {
  const text = maskHex(message).replace(/\s+/g, ' ').trim().slice(0, 400)
  return /[.!?]$/.test(text) ? text : `${text}.`
}

type SdkError = {
  name?: string
  message?: string
  code?: string
  $metadata?: { httpStatusCode?: number }
}

const unreachable = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'EPIPE',
])
