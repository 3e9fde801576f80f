import type { AwsError, AwsResponse } from '../protocol/Service.js'

/** Lambda's own limit on a request, 6 MiB. */
export const maxRequestBytes = 6 * 1024 * 1024

/** These errors put the text in `Message`; all others put it in `message`. */
const capital = new Set([
  'ResourceNotFoundException',
  'ServiceException',
  'AccessDeniedException',
])

/**
 * Renders errors for the Lambda API (REST JSON), with the type in a header and
 * the text in the body. Also renders errors that were raised before the request
 * reached the service.
 */
export function renderError(error: AwsError): AwsResponse {
  const isTooLarge = error.status === 413
  const type = isTooLarge ? 'RequestEntityTooLargeException' : error.type
  const text =
    isTooLarge && error.type === 'RequestTooLargeException'
      ? `Request must be smaller than ${maxRequestBytes} bytes for the InvokeFunction operation`
      : (error.text ?? '')
  const isSignature = /Signature|Token|UnrecognizedClient|AccessDenied/.test(
    type,
  )
  return {
    status: isSignature ? 403 : error.status,
    headers: {
      'content-type': 'application/json',
      'x-amzn-errortype': type,
      ...error.headers,
    },
    body: JSON.stringify({
      ...('reason' in error ? { Reason: error.reason } : {}),
      ...(isSignature ? {} : { Type: error.status < 500 ? 'User' : 'Service' }),
      [capital.has(type) ? 'Message' : 'message']: text,
    }),
  }
}
