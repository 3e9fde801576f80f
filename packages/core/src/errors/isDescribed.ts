import type { BaseError } from './BaseError.js'

/** Whether Keyward threw this error on purpose. */
export function isDescribed(error: unknown): error is BaseError {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    'shortMessage' in error &&
    typeof error.shortMessage === 'string' &&
    'docsPath' in error &&
    typeof error.docsPath === 'string'
  )
}
