import { BaseError } from '@keyward/core'
import {
  GuardItemError,
  GuardServiceError,
  ReservationBusyError,
  ReservationTooLargeError,
} from './errors.js'

/**
 * Whether the table's contents caused an error: an item that is invalid, too
 * large or unexpected, or whose key is too long. Any other error means that
 * DynamoDB did not answer, or refused this caller.
 */
export function isDamage(error: unknown): boolean {
  if (error instanceof GuardServiceError)
    return ['ValidationException', 'SerializationException'].includes(
      error.awsCode,
    )
  return (
    !(error instanceof BaseError) ||
    error instanceof GuardItemError ||
    error instanceof ReservationBusyError ||
    error instanceof ReservationTooLargeError
  )
}

/** The error's message, without its full stop. */
export function toText(error: unknown): string {
  const { shortMessage } = error as Partial<BaseError>
  return (shortMessage ?? String(error)).replace(/\.$/, '')
}
