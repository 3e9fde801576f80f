import { InputError, quote } from '@keyward/core/errors'

const longestMs = 365 * 24 * 60 * 60 * 1000

/**
 * Parses a time, or a day, which stands for its first moment in UTC. @throws
 * InputError
 */
export function parseValidTo(typed: string, name: string): Date {
  const isTime =
    /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/
  const time = isTime.test(typed) ? new Date(typed) : new Date(Number.NaN)
  const refuse = (details: string) =>
    new InputError(`${name} ${quote(typed)} is not a valid expiry time.`, {
      details,
    })
  // February 30 would roll over into March.
  const [day = ''] = typed.split('T')
  if (
    Number.isNaN(time.getTime()) ||
    new Date(day).toISOString().slice(0, 10) !== day
  )
    throw refuse(
      'Pass a day such as 2027-06-30, or a time with a time zone, such as 2027-06-30T12:00:00Z.',
    )
  if (time.getTime() <= Date.now() || time.getTime() > Date.now() + longestMs)
    throw refuse(
      'The time must be in the future, and at most 365 days from now.',
    )
  return time
}
