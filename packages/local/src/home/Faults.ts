import { HomeError } from '../HomeError.js'

/** Bad days on demand; all zero is a good day. */
export type Faults = {
  /** Added to each answer of KMS. */
  kmsLatencyMs: number
  /** Cryptographic requests a second above which KMS throttles; 0 is off. */
  kmsThrottle: number
  /** Share of KMS requests, 0 to 1, answered by KMSInternalException. */
  kmsErrorRate: number
  /** How far the server's clock is ahead, in seconds. */
  clockSkewS: number
}

export const none: Faults = {
  kmsLatencyMs: 0,
  kmsThrottle: 0,
  kmsErrorRate: 0,
  clockSkewS: 0,
}

const ranges: Record<keyof Faults, [least: number, most: number]> = {
  kmsLatencyMs: [0, 600_000],
  kmsThrottle: [0, 1_000_000],
  kmsErrorRate: [0, 1],
  clockSkewS: [-31_536_000, 31_536_000],
}

/**
 * The faults with some of them changed.
 *
 * @param change - Untrusted: members of `Faults`, any of them.
 * @throws {HomeError} invalid-faults
 */
export function merge(faults: Faults, change: object): Faults {
  const merged = { ...faults }
  for (const [name, value] of Object.entries(change)) {
    const range = Object.hasOwn(ranges, name)
      ? ranges[name as keyof Faults]
      : undefined
    if (range === undefined)
      throw invalid(`It has none named so; it has ${known}.`)
    const [least, most] = range
    if (typeof value !== 'number' || !(value >= least && value <= most))
      throw invalid(`${name} must be a number from ${least} to ${most}.`)
    merged[name as keyof Faults] = value
  }
  return merged
}

const known = Object.keys(ranges).join(', ')

function invalid(reason: string) {
  return new HomeError(
    'invalid-faults',
    `These faults cannot be set. ${reason}`,
  )
}
