import type { Refusal } from './AwsService.js'

const credentials =
  'The AWS credentials are not valid or have expired. Get new ones, then try again.'
const throttled =
  'Wait a moment, then try again. If it keeps happening, request a higher quota.'

const advice: Readonly<Record<string, string>> = {
  ExpiredTokenException: credentials,
  InvalidSignatureException: credentials,
  UnrecognizedClientException: credentials,
  LimitExceededException: throttled,
  RequestLimitExceeded: throttled,
  ThrottlingException: throttled,
}

/**
 * What to do about a refusal, as a sentence; undefined if only AWS's own text
 * says it.
 *
 * @param permission - Of the call, for example `kms:Sign`.
 * @param own - Advice on the codes of the one service.
 */
export function adviceOn(
  { awsCode, status }: Refusal,
  permission: string,
  own: Readonly<Record<string, string>> = {},
): string | undefined {
  if (Object.hasOwn(own, awsCode)) return own[awsCode]
  if (Object.hasOwn(advice, awsCode)) return advice[awsCode]
  if (awsCode === 'AccessDeniedException')
    return `Allow the caller's role ${permission}, and check that no policy denies it.`
  return status >= 500 ? 'The service failed. Try again later.' : undefined
}
