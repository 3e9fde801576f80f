import type { Length } from '../policy/Policy.js'

const periods = { hour: '60 minutes', day: '24 hours', week: '7 days' }

/** A window's rolling period: a day is any 24 hours. */
export function formatPeriod(length: Length): string {
  return `in any ${periods[length]}`
}
