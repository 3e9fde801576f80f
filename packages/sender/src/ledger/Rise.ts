import type { Rises } from './HeadRecord.js'

export const perHour = 64
const perDay = 256
const hourMs = 3_600_000
const dayMs = 24 * hourMs

/**
 * How far a node's count may raise the head over nonces that have no rows here:
 * 64 per hour, 256 per day. Otherwise, a false count could leave a gap behind
 * which nothing is ever mined.
 */
export function left(rises: Rises, now: number): number {
  const { inHour, inDay } = current(rises, now)
  return Math.max(0, Math.min(perHour - inHour, perDay - inDay))
}

/** The counts after a rise by `count`. */
export function add(rises: Rises, count: number, now: number): Rises {
  const { hour, inHour, day, inDay } = current(rises, now)
  return { hour, inHour: inHour + count, day, inDay: inDay + count }
}

function current(rises: Rises, now: number): Rises {
  const hour = Math.floor(now / hourMs)
  const day = Math.floor(now / dayMs)
  return {
    hour,
    inHour: rises.hour === hour ? rises.inHour : 0,
    day,
    inDay: rises.day === day ? rises.inDay : 0,
  }
}
