import { HomeError } from '../HomeError.js'

/** Faults that the home simulates on request. */
export type Faults = {
  /** Milliseconds added to every KMS answer. */
  kmsLatencyMs: number
  /**
   * The number of cryptographic requests per second above which KMS throttles;
   * 0 turns this off.
   */
  kmsThrottle: number
  /** The share of KMS requests that end in an internal error, from 0 to 1. */
  kmsErrorRate: number
  /** Seconds by which the home's clock is ahead (or behind, if negative). */
  clockSkewS: number
}

export const none: Faults = {
  kmsLatencyMs: 0,
  kmsThrottle: 0,
  kmsErrorRate: 0,
  clockSkewS: 0,
}

const ranges: Record<keyof Faults, [number, number]> = {
  kmsLatencyMs: [0, 600_000],
  kmsThrottle: [0, 1_000_000],
  kmsErrorRate: [0, 1],
  clockSkewS: [-31_536_000, 31_536_000],
}

/**
 * Returns the faults with some of them changed.
 *
 * @throws {HomeError} invalid-faults, which lists every mistake.
 */
export function change(faults: Faults, by: Readonly<object>): Faults {
  const wrong = Object.entries(by).flatMap(([name, value]) => {
    if (!Object.hasOwn(ranges, name)) {
      const known = Object.keys(ranges).join(', ')
      return [`${quote(name)} is not a fault (allowed: ${known})`]
    }
    const [min, max] = ranges[name as keyof Faults]
    return typeof value === 'number' && value >= min && value <= max
      ? []
      : [`${name} must be a number from ${min} to ${max}, not ${quote(value)}`]
  })
  if (wrong.length > 0)
    throw new HomeError(
      'invalid-faults',
      `The faults are invalid: ${wrong.join('; ')}.`,
    )
  return { ...faults, ...by }
}

function quote(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 80)
}
