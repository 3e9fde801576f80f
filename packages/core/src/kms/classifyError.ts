import {
  KmsResponseError,
  KmsServiceError,
  KmsTimeoutError,
  KmsUnreachableError,
} from './errors.js'

/** Our clock is wrong, says KMS. */
export function isSkew(error: Error): boolean {
  return (
    error instanceof KmsServiceError &&
    /InvalidSignature|RequestTimeTooSkewed|RequestExpired/.test(
      error.awsCode,
    ) &&
    /expired|not yet current|skewed/i.test(`${error.details} ${error.awsCode}`)
  )
}

const transientCodes = new Set([
  'ThrottlingException',
  'RequestLimitExceeded',
  'KMSInternalException',
  'DependencyTimeoutException',
  'KeyUnavailableException',
])

/** The same call may succeed in a moment. Signing twice harms nobody: only what is returned counts. */
export function isTransient(error: Error): boolean {
  if (error instanceof KmsServiceError)
    return error.status >= 500 || transientCodes.has(error.awsCode)
  return (
    error instanceof KmsUnreachableError ||
    error instanceof KmsTimeoutError ||
    error instanceof KmsResponseError
  )
}
