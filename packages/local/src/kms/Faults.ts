import { AwsError } from '../protocol/Service.js'

/** Faults to simulate, read again for each request. */
export type KmsFaults = {
  /** Delay of every answer, in milliseconds. */
  kmsLatencyMs: number
  /**
   * Limit of cryptographic requests per second above which KMS throttles; 0 is
   * off.
   */
  kmsThrottle: number
  /** Share of requests that end in an internal error, 0..1. */
  kmsErrorRate: number
}

/** A token bucket of one second's requests, refilled steadily. */
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
