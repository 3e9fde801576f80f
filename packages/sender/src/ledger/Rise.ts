import type { Rises } from './HeadRecord.js'

export const perHour = 64
const perDay = 256
const hourMs = 3_600_000
const dayMs = 24 * hourMs

/**
 * How far the head may rise over numbers without a row of ours on the word of
 * a node: 64 an hour, 256 a day. A false count would else leave a gap behind
 * which nothing is ever mined.
 */
export function left(rises: Rises, now: number): number {
  const { inHour, inDay } = current(rises, now)
  return Math.max(0, Math.min(perHour - inHour, perDay - inDay))
}

/** What is counted after a rise by `count`. */
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
