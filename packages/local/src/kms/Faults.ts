import { AwsError } from '../protocol/Service.js'

/** The faults to simulate, read again for each request. */
export type KmsFaults = {
  /** Delay of every answer, in milliseconds. */
  kmsLatencyMs: number
  /**
   * The number of cryptographic requests per second above which KMS throttles;
   * 0 turns this off.
   */
  kmsThrottle: number
  /** The share of requests that end in an internal error, from 0 to 1. */
  kmsErrorRate: number
}

/** A token bucket that holds one second's requests and is refilled steadily. */
export type Throttle = (perSecond: number, nowMs: number) => void

export const createThrottle = (): Throttle => {
  let left = 0
  let lastMs = Number.NEGATIVE_INFINITY
  return (perSecond, nowMs) => {
    if (perSecond <= 0) return
    const gained = (Math.max(0, nowMs - lastMs) / 1000) * perSecond
    left = Math.min(Math.max(1, perSecond), left + gained)
    lastMs = nowMs
    if (left < 1)
      throw new AwsError(
        'ThrottlingException',
        'You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.',
      )
    left -= 1
  }
}

export const maybeFail = (rate: number): void => {
  if (rate > 0 && Math.random() < rate)
    throw new AwsError('KMSInternalException', undefined, 500)
}

export const delay = (ms: number): Promise<void> | undefined =>
  ms > 0 ? new Promise((resolve) => setTimeout(resolve, ms)) : undefined
