import { BaseError, InvalidRequestError } from '@keyward/core'
import type { LogFields } from './log.js'

/**
 * An error that may leave the function. Our own errors are safe for callers.
 * Other errors may quote any input, so only their kind and stack locations
 * remain.
 */
export function toFailure(error: unknown): BaseError {
  return error instanceof BaseError ? error : new InternalError(error)
}

/** The parts of a failure that may be logged: kinds and paths, never values. */
export function toLogFields(error: BaseError): LogFields {
  return {
    error: error.name,
    code: error.code,
    ...(error instanceof InvalidRequestError
      ? { fields: error.problems.map(({ path }) => path) }
      : {}),
    ...('requestId' in error && typeof error.requestId === 'string'
      ? { kms_request_id: error.requestId }
      : {}),
  }
}

/** A fault of the function itself. No result was returned. */
export class InternalError extends BaseError {
  constructor(error: unknown) {
    const kind =
      error instanceof Error ? error.name : `a thrown ${typeof error}`
    super('internal-error', `The function failed because of a bug (${kind}).`, {
      details:
        'No signature was returned. Please report the bug with the stack trace in the log.',
    })
    this.name = 'InternalError'
    const frames = error instanceof Error ? readFrames(error) : ''
    if (frames !== '') this.stack = `${this.name}: ${this.message}\n${frames}`
  }
}

/** The stack without the message that it begins with. */
function readFrames(error: Error): string {
  const lines = (error.stack ?? '').split('\n')
  return lines.filter((line) => /^ {4}at /.test(line)).join('\n')
}
